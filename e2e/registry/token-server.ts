// A token server as the distribution project describes it (docs/spec/auth), with users of the tests. The registry
// checks what it signs, so that a token which is not worth anything is found out.

import { randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Account } from '../node/registry.ts';

export interface TokenUser extends Account {
  /** The repositories that it may pull. */
  readonly pulls: readonly string[];
}

export interface TokenServerSettings {
  readonly service: string;
  readonly users: readonly TokenUser[];
  /** PEM of what signs: P-256. */
  readonly signer: { readonly cert: string; readonly key: string };
}

export class TokenServer {
  /** By its specification, less scope than was asked for is no error: some answer 403 all the same. */
  refusesScope = false;
  /** Under which of the two names it gives the token. */
  field: 'token' | 'access_token' = 'token';
  /** The queries that it got. */
  readonly asked: URLSearchParams[] = [];
  readonly realm: string;
  readonly #settings: TokenServerSettings;
  readonly #server: Server;

  private constructor(server: Server, settings: TokenServerSettings) {
    this.#server = server;
    this.#settings = settings;
    this.realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    server.on('request', (request: IncomingMessage, response: ServerResponse) =>
      this.#answer(request, response),
    );
  }

  static async start(settings: TokenServerSettings): Promise<TokenServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TokenServer(server, settings);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await once(this.#server.close(), 'close');
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const query = new URL(request.url ?? '', this.realm).searchParams;
    this.asked.push(query);
    const [, basic = ''] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const pair = Buffer.from(basic, 'base64').toString();
    const user = this.#settings.users.find(({ username, password }) => `${username}:${password}` === pair);
    if (user === undefined) {
      response.writeHead(401).end('{}');
      return;
    }
    const access = accessOf(user, query.get('scope'));
    if (this.refusesScope && query.has('scope') && access.length === 0) response.writeHead(403).end('{}');
    else response.end(JSON.stringify({ [this.field]: this.#token(user, access), expires_in: 60 }));
  }

  #token({ username }: TokenUser, access: readonly object[]): string {
    const { service, signer } = this.#settings;
    const now = Math.floor(Date.now() / 1000);
    const x5c = [signer.cert.replace(/-----.*-----|\s/g, '')];
    const claims = { iss: 'tests', sub: username, aud: service, jti: randomUUID(), access };
    const signed = [
      { typ: 'JWT', alg: 'ES256', x5c },
      { ...claims, iat: now, nbf: now, exp: now + 60 },
    ]
      .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = sign('sha256', Buffer.from(signed), { key: signer.key, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  }
}

function accessOf({ pulls }: TokenUser, scope: string | null): readonly object[] {
  const [, name = ''] = /^repository:([^:]+):pull$/.exec(scope ?? '') ?? [];
  return pulls.includes(name) ? [{ type: 'repository', name, actions: ['pull'] }] : [];
}
