// A token that the API server takes is shown to nobody, by none of the sources that show one. What the API server takes
// is found out the same way for all of them.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { roleArn } from '../testing/aws/accounts.ts';
import { CLIENT, REGISTRY, TENANT } from '../testing/azure-cloud.ts';
import { federationFile } from '../testing/google-cloud.ts';
import { API_AUDIENCE, AUDIENCE, OAuthRig } from '../testing/oauth-rig.ts';
import { tokenContext } from '../testing/token-context.ts';
import { fetchAcr } from './acr.ts';
import { ecr } from './ecr.ts';
import { fetchGar } from './gar.ts';
import { oauth } from './oauth.ts';
import type { Fetched } from './source.ts';

const OF_API = 'is one that the API server takes, so it is shown to nobody else';
const NO_JWT = 'is no JSON Web Token, so it is shown to nobody';

describe('a token of the operator', () => {
  let rig: OAuthRig;
  let folder: string;
  let asked: string[];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regcred-shown-'));
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(async () => {
    asked = [];
    rig = await OAuthRig.start();
  });
  afterEach(() => rig.stop());

  const ask = (question: { readonly url: URL }): Promise<never> => {
    asked.push(question.url.href);
    return Promise.reject(new Error('not to be asked'));
  };
  const context = (environment: Record<string, string>) =>
    tokenContext({ environment, apiToken: rig.apiToken });

  const SHOWN: Readonly<Record<string, () => Promise<Fetched>>> = {
    oauth: () => oauth.fetch(rig.byQuay(), rig.context()),
    gar: async () => {
      const file = join(folder, 'credentials.json');
      await writeFile(file, JSON.stringify(federationFile(rig.tokenFile)));
      return fetchGar({ server: 'gcr.io', gar: {} }, context({ GOOGLE_APPLICATION_CREDENTIALS: file }), ask);
    },
    acr: () =>
      fetchAcr(
        { server: REGISTRY, acr: { tenantId: TENANT, clientId: CLIENT } },
        context({ AZURE_FEDERATED_TOKEN_FILE: rig.tokenFile }),
        ask,
      ),
    'ecr by IRSA': () => byEcr({ AWS_WEB_IDENTITY_TOKEN_FILE: rig.tokenFile, AWS_ROLE_ARN: roleArn('pod') }),
    'ecr by EKS Pod Identity': () =>
      byEcr({
        AWS_CONTAINER_CREDENTIALS_FULL_URI: NOWHERE,
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: rig.tokenFile,
      }),
  };
  const NOWHERE = 'http://127.0.0.1:1/';
  const byEcr = (environment: Record<string, string>): Promise<Fetched> => {
    const endpoints = {
      AWS_ENDPOINT_URL: NOWHERE,
      AWS_ENDPOINT_URL_STS: NOWHERE,
      AWS_REGION: 'eu-central-1',
    };
    return ecr.fetch({ ecr: { region: 'eu-central-1' } }, context({ ...endpoints, ...environment }));
  };

  const REFUSED: Readonly<Record<string, readonly [token: () => string, message: string]>> = {
    'for an audience of the API server that only its own token tells': [
      () => rig.token({ aud: [AUDIENCE, API_AUDIENCE] }),
      OF_API,
    ],
    'for the issuer': [() => rig.token({ aud: rig.issuer.issuer }), OF_API],
    'for the API server by the name that all know': [
      () => rig.token({ aud: 'https://kubernetes.default.svc' }),
      OF_API,
    ],
    'for no audience, as those in Secrets are': [() => rig.token({ aud: [] }), OF_API],
    'that is no JWT': [() => 'not-a-real-token', NO_JWT],
    'that has ended': [() => rig.token({ exp: 1_000 }), 'has ended: the kubelet renews it'],
  };

  for (const [source, fetch] of Object.entries(SHOWN))
    for (const [title, [token, message]] of Object.entries(REFUSED))
      it(`${title} is not shown by ${source}`, async () => {
        await rig.mount(token());
        const fetched = await fetch();
        expect(fetched.ok ? 'it was given' : fetched.message).to.contain(message);
        expect([...asked, ...rig.server.asked]).to.deep.equal([]);
      });
});
