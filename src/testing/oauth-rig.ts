// The source `oauth` with an authorization server of the tests: a folder with a mounted token, the lists of an
// administrator who allows all of it, and a Secret of a client.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RegistrySpec } from '../api/types.ts';
import type { OAuthAllowance } from '../sources/oauth-allowance.ts';
import type { OAuthSpec } from '../sources/oauth-request.ts';
import {
  AuthorizationServer,
  type AuthorizationServerOptions,
} from './authorization/authorization-server.ts';
import { ClusterIssuer, type TokenClaims } from './authorization/cluster-issuer.ts';
import { sourceSecret } from './source-secrets.ts';
import { type TokenContextOptions, type TokenContextRig, tokenContext } from './token-context.ts';

export const CLIENT_SECRET = 'not-a-real-secret';
export const AUDIENCE = 'sts.example';
/** Of the token with which the operator logs in at the API server. */
export const API_AUDIENCE = 'https://api.cluster.example';

export class OAuthRig {
  readonly server: AuthorizationServer;
  readonly issuer: ClusterIssuer;
  readonly tokenFile: string;
  readonly #folder: string;

  private constructor(server: AuthorizationServer, issuer: ClusterIssuer, folder: string) {
    this.server = server;
    this.issuer = issuer;
    this.#folder = folder;
    this.tokenFile = join(folder, 'token');
  }

  static async start(options: AuthorizationServerOptions = {}): Promise<OAuthRig> {
    const issuer = new ClusterIssuer();
    const server = await AuthorizationServer.start({ issuer, ...options });
    const rig = new OAuthRig(server, issuer, await mkdtemp(join(tmpdir(), 'regcred-oauth-')));
    await rig.mount(rig.token());
    return rig;
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.#folder, { recursive: true });
  }

  token(claims: TokenClaims = {}): string {
    return this.issuer.token({ aud: AUDIENCE, ...claims });
  }

  /** As the kubelet does when it renews the token. */
  async mount(token: string): Promise<void> {
    await writeFile(this.tokenFile, token);
  }

  get allowance(): OAuthAllowance {
    const { tokenEndpoint, jfrogEndpoint, quayEndpoint } = this.server;
    return {
      endpoints: [
        { url: tokenEndpoint },
        ...[tokenEndpoint, jfrogEndpoint, quayEndpoint].map(url => ({ url, audience: AUDIENCE })),
      ],
      audiences: new Map([[AUDIENCE, this.tokenFile]]),
    };
  }

  readonly apiToken = async () =>
    this.issuer.token({ aud: [API_AUDIENCE, 'https://second.cluster.example'] });

  context(options: TokenContextOptions = {}): TokenContextRig {
    const secrets = [
      sourceSecret('client', 'Opaque', { client_id: 'regcred', client_secret: CLIENT_SECRET }),
    ];
    return tokenContext({ secrets, oauth: this.allowance, apiToken: this.apiToken, ...options });
  }

  byClient(spec: Partial<OAuthSpec> = {}, authMethod: 'Basic' | 'Post' = 'Basic'): RegistrySpec {
    const clientCredentials = { secretRef: { name: 'client' }, authMethod };
    return this.#registry({ clientCredentials, ...spec });
  }

  byExchange(spec: Partial<OAuthSpec> = {}): RegistrySpec {
    return this.#registry({ tokenExchange: exchangeOf({}), ...spec });
  }

  byJfrog(): RegistrySpec {
    const tokenExchange = exchangeOf({ encoding: 'JSON', subjectTokenType: 'IDToken' });
    const { jfrogEndpoint } = this.server;
    return this.#registry({
      tokenEndpoint: jfrogEndpoint,
      tokenExchange,
      parameters: { provider_name: 'cluster' },
    });
  }

  byQuay(audience = AUDIENCE): RegistrySpec {
    const { quayEndpoint } = this.server;
    return this.#registry({
      tokenEndpoint: quayEndpoint,
      username: 'org+robot',
      quayRobot: { audience },
    });
  }

  #registry(spec: Partial<OAuthSpec>): RegistrySpec {
    const { tokenEndpoint } = this.server;
    return { server: 'registry.example', oauth: { tokenEndpoint, username: 'robot', ...spec } };
  }
}

type Exchange = NonNullable<OAuthSpec['tokenExchange']>;

export const exchangeOf = (spec: Partial<Exchange>): Exchange => ({
  audience: AUDIENCE,
  subjectTokenType: 'JWT',
  encoding: 'Form',
  authMethod: 'Basic',
  ...spec,
});
