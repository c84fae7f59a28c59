// For the tests of the transport: a client and a real HTTP server on loopback that does what the test says.

import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpKubeClient, type RequestSample } from '../kube/client.ts';
import type { Authentication, Endpoint } from '../kube/endpoint.ts';
import { FakeClock } from './fake-clock.ts';

export const TOKEN = 'hunter2-token';

export class ClientRig {
  handle: RequestListener = () => {};
  connections = 0;
  readonly samples: RequestSample[] = [];
  readonly clock = new FakeClock();
  readonly endpoint: TokenEndpoint;
  readonly client: HttpKubeClient;
  readonly #server: Server;

  /** `server` is listening. */
  constructor(server: Server) {
    this.#server = server;
    server.on('request', (request, response) => this.handle(request, response));
    server.on('connection', () => this.connections++);
    this.endpoint = new TokenEndpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}/base`);
    this.client = new HttpKubeClient({
      endpoint: this.endpoint,
      version: '1.2.3',
      maxConcurrentWrites: 8,
      timeouts: { connect: 1000, headers: 1000, body: 1000 },
      onRequest: sample => this.samples.push(sample),
      clock: this.clock,
      random: () => 0,
    });
  }

  static async start(): Promise<ClientRig> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ClientRig(server);
  }

  async closeServer(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async stop(): Promise<void> {
    await this.closeServer();
    await this.client.close();
  }
}

class TokenEndpoint implements Endpoint {
  readonly server: string;
  readonly namespace = undefined;
  readonly proxyUrl = undefined;
  tokens = [TOKEN];

  constructor(server: string) {
    this.server = server;
  }

  async authenticate(): Promise<Authentication> {
    return { headers: { authorization: `Bearer ${this.tokens[0]}` }, tls: {} };
  }

  renew(): void {
    if (this.tokens.length > 1) this.tokens.shift();
  }
}

export const json = (response: ServerResponse, code: number, body: unknown, headers = {}): void => {
  response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

/** A Status object. */
export const refusal = (code: number): object => ({
  kind: 'Status',
  code,
  reason: 'Refused',
  message: 'refused',
});

export const failureOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => {
      throw new Error('it went well');
    },
    (error: Error) => error,
  );
