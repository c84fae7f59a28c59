// An authorization server on loopback. It gives tokens to whom it trusts, as Keycloak, JFrog and Quay do each in its
// way, and answers what a test has it answer instead.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Say } from '../registry-rig.ts';
import { ClusterIssuer } from './cluster-issuer.ts';
import {
  type AskedForToken,
  type Refusal,
  refusalOfForm,
  refusalOfJson,
  refusalOfRobot,
  type Trust,
} from './grants.ts';

export interface AuthorizationServerOptions extends Partial<Trust> {
  readonly tls?: { readonly cert: string; readonly key: string };
}

const DEFAULTS: Omit<Trust, 'issuer'> = {
  clients: new Map([['regcred', 'not-a-real-secret']]),
  audience: 'sts.example',
  robot: 'org+robot',
  provider: 'cluster',
  scopes: ['pull'],
  now: Date.now,
};

const WAYS: Readonly<Record<string, (asked: AskedForToken, trust: Trust) => Refusal | undefined>> = {
  '/token': refusalOfForm,
  '/access/api/v1/oidc/token': refusalOfJson,
  '/oauth2/federation/robot/token': refusalOfRobot,
};

export class AuthorizationServer {
  /** Every request in its order. */
  readonly asked: AskedForToken[] = [];
  /** Every token that was given, in their order. */
  readonly given: string[] = [];
  readonly trust: Trust;
  /** Seconds that a token lives; undefined: the answer does not say. */
  lifetime: number | string | undefined = 3600;
  /** Answers in its place while it is set. */
  instead: Say | undefined;
  readonly origin: string;
  readonly #own = new ClusterIssuer();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, { tls, ...trust }: AuthorizationServerOptions) {
    this.#server = server;
    this.trust = { ...DEFAULTS, issuer: new ClusterIssuer(), ...trust };
    const { port } = server.address() as AddressInfo;
    this.origin = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(options: AuthorizationServerOptions = {}): Promise<AuthorizationServer> {
    const server = options.tls === undefined ? createHttpServer() : createHttpsServer(options.tls);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new AuthorizationServer(server, options);
  }

  /** For RFC 6749 and RFC 8693. */
  get tokenEndpoint(): string {
    return `${this.origin}/token`;
  }

  get jfrogEndpoint(): string {
    return `${this.origin}/access/api/v1/oidc/token`;
  }

  get quayEndpoint(): string {
    return `${this.origin}/oauth2/federation/robot/token`;
  }

  /** Connections that are still open. */
  get open(): number {
    return this.#sockets.size;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server.close(), 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request;
    const asked = { method, path, headers, body: await text(request) };
    this.asked.push(asked);
    if (this.instead !== undefined) return this.instead(response, request);
    const refusal = Object.hasOwn(WAYS, path) ? WAYS[path]?.(asked, this.trust) : { status: 404, body: {} };
    const { status, body } = refusal ?? { status: 200, body: this.#give(path) };
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(body));
  }

  #give(path: string): object {
    const { now } = this.trust;
    const ends = Math.floor(now() / 1000) + Number(this.lifetime ?? 3600);
    // Quay says of its tokens' life only what stands in them.
    const isQuay = path.endsWith('/robot/token');
    const token = isQuay
      ? this.#own.token({ iss: 'quay', exp: ends }, now())
      : `tk${randomBytes(24).toString('base64url')}`;
    this.given.push(token);
    if (isQuay) return { token };
    const life = this.lifetime === undefined ? {} : { expires_in: this.lifetime };
    return { access_token: token, token_type: 'Bearer', ...life };
  }
}
