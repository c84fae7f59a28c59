// Logins of Google and Azure from the bundle, which loads their libraries from beside it and asks their very hosts,
// through a proxy that leads to clouds of the tests.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RegistrySpec } from '../../src/api/types.ts';
import { ClusterIssuer } from '../../src/testing/authorization/cluster-issuer.ts';
import {
  AUDIENCE as AZURE_AUDIENCE,
  AzureCloud,
  CLIENT,
  CLIENT_SECRET,
  REGISTRY,
  TENANT,
} from '../../src/testing/azure-cloud.ts';
import { CLOUD_CERTIFICATE } from '../../src/testing/cloud-certificate.ts';
import { CloudRig, json } from '../../src/testing/cloud-rig.ts';
import { ACCOUNT, AUDIENCE, federationFile, GoogleCloud, KEY_FILE } from '../../src/testing/google-cloud.ts';
import { Tunnel } from '../cloud/tunnel.ts';
import type { OperatorProcess } from '../cluster/operator-process.ts';
import { eventually } from './eventually.ts';
import { restartOperator } from './operator.ts';
import { loginsIn, Scenario } from './scenario.ts';
import { isWell, registryMessagesOf, setSource } from './served.ts';

const AR = 'europe-west3-docker.pkg.dev/project/images';
const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_only';
const USER = '00000000-0000-0000-0000-000000000000';
const keyFile = (changes = {}) => ({ 'credentials.json': JSON.stringify({ ...KEY_FILE, ...changes }) });

describe('a login of a cloud', () => {
  const issuer = new ClusterIssuer();
  let google: GoogleCloud;
  let azure: AzureCloud;
  let rigs: readonly [google: CloudRig, azure: CloudRig];
  let tunnel: Tunnel;
  let folder: string;
  let operator: OperatorProcess;
  let story: Scenario;

  before(async () => {
    google = new GoogleCloud(issuer);
    azure = new AzureCloud(issuer);
    rigs = await Promise.all([
      CloudRig.start(google.answer, /\.googleapis\.com:443$/),
      CloudRig.start(azure.answer, /^(login\.microsoftonline\.com|registry\.azurecr\.io):443$/),
    ]);
    tunnel = await Tunnel.start(...rigs);
    folder = await mkdtemp(join(tmpdir(), 'regcred-clouds-'));
    const files = {
      ca: CLOUD_CERTIFICATE.cert,
      google: issuer.token({ aud: AUDIENCE }),
      azure: issuer.token({ aud: AZURE_AUDIENCE }),
      credentials: JSON.stringify(federationFile(join(folder, 'google'), ACCOUNT)),
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const env = {
      HTTPS_PROXY: tunnel.url,
      NODE_EXTRA_CA_CERTS: join(folder, 'ca'),
      GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'credentials'),
      AZURE_FEDERATED_TOKEN_FILE: join(folder, 'azure'),
      AZURE_TENANT_ID: TENANT,
      AZURE_CLIENT_ID: CLIENT,
    };
    operator = await restartOperator(undefined, { env });
  });
  after(async () => {
    await restartOperator();
    await tunnel.stop();
    for (const rig of rigs) await rig.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    for (const rig of rigs) rig.asked.length = 0;
    story = new Scenario('clouds');
  });
  afterEach(async () => {
    for (const rig of rigs) rig.instead.clear();
    await story.end();
  });

  const credential = (...registries: RegistrySpec[]): Promise<string> =>
    story.credential('x', { registries });

  async function expectServed(namespace: string): Promise<void> {
    await eventually(`${namespace} has the logins of both clouds`, async () => {
      const logins = (await loginsIn(namespace)) ?? {};
      expect(Object.keys(logins)).to.have.members([AR, REGISTRY]);
      const [googleUser, token = ''] = logins[AR] ?? [];
      expect(googleUser).to.equal('oauth2accesstoken');
      expect(google.given.get(token)).to.equal(`${ACCOUNT} ${SCOPE}`);
      const [azureUser, login = ''] = logins[REGISTRY] ?? [];
      expect(azureUser).to.equal(USER);
      expect([...azure.given]).to.include(login);
    });
  }

  it('is fetched once with what Secrets hold, and reaches every namespace', async () => {
    const namespaces = await Promise.all(['a', 'b', 'c'].map(name => story.namespace(name)));
    const key = await story.source('google', 'Opaque', keyFile());
    const secret = await story.source('azure', 'Opaque', { clientSecret: CLIENT_SECRET });
    const name = await credential(
      { server: AR, gar: { secretRef: { name: key } } },
      { server: REGISTRY, acr: { tenantId: TENANT, clientId: CLIENT, secretRef: { name: secret } } },
    );
    await isWell(name);
    for (const namespace of namespaces) await expectServed(namespace);
    expect(rigs[0].urls).to.deep.equal(['POST https://oauth2.googleapis.com/token']);
    expect(rigs[1].asked.map(({ host }) => host)).to.deep.equal(['login.microsoftonline.com', REGISTRY]);
  });

  it('is fetched with the identity of the operator, with no secret in the cluster', async () => {
    const namespace = await story.namespace('a');
    await isWell(await credential({ server: AR, gar: {} }, { server: REGISTRY, acr: {} }));
    await expectServed(namespace);
    expect(rigs[0].asked.map(({ host }) => host)).to.deep.equal([
      'sts.googleapis.com',
      'iamcredentials.googleapis.com',
    ]);
    expect(rigs[1].asked[0]?.form.has('client_assertion')).to.equal(true);
  });

  it('that Google refuses says what to do, and comes when the key is replaced', async () => {
    const namespace = await story.namespace('a');
    rigs[0].instead.set('oauth2.googleapis.com', ({ body }) =>
      json(400, { error: 'invalid_grant', error_description: `Invalid JWT Signature. ${body}` }),
    );
    const key = await story.source('google', 'Opaque', keyFile());
    const name = await credential(
      { server: AR, gar: { secretRef: { name: key } } },
      { server: REGISTRY, acr: {} },
    );
    await eventually('the status says so', async () => {
      const messages = await registryMessagesOf(name);
      expect(messages.join()).to.contain('make a new key and put it into the Secret');
    });
    rigs[0].instead.clear();
    await setSource(key, keyFile({ private_key_id: 'a-newer-one' }));
    await isWell(name);
    await expectServed(namespace);
  });

  it('is asked of no host that the operator does not know, and printed nowhere', async () => {
    const asked = new Set(tunnel.asked.map(host => host.replace(':443', '')));
    expect([...asked]).to.have.members([
      'oauth2.googleapis.com',
      'sts.googleapis.com',
      'iamcredentials.googleapis.com',
      'login.microsoftonline.com',
      REGISTRY,
    ]);
    const logs = await operator.logs();
    for (const secret of [...google.given.keys(), ...azure.given, ...azure.entra.keys(), CLIENT_SECRET])
      expect(logs).to.not.contain(secret.slice(-24));
    expect(logs).to.not.contain('BEGIN PRIVATE KEY');
  });
});

describe('an operator without an identity at a cloud', () => {
  const story = new Scenario('cloudless');
  afterEach(() => story.end());

  it("asks for none of the node's, and says with which flag it would", async () => {
    await restartOperator();
    const name = await story.credential('x', {
      registries: [
        { server: AR, gar: {} },
        { server: REGISTRY, acr: {} },
      ],
    });
    await eventually('the status says so', async () => {
      const messages = await registryMessagesOf(name);
      expect(messages.join()).to.contain('--node-identity=gar').and.contain('--node-identity=acr');
    });
  });
});
