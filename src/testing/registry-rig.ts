// A registry on loopback that says what a test has it say, and writes down what it was sent.

import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export type Say = (response: ServerResponse, request: IncomingMessage) => void;

export class RegistryRig {
  /** METHOD path AUTHORIZATION, in their order. */
  readonly asked: string[] = [];
  /** host:port */
  readonly server: string;
  /** Connections, also those without a request. */
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #answers: ReadonlyMap<string, Say>;

  private constructor(server: Server, answers: Readonly<Record<string, Say>>) {
    this.#server = server;
    this.#answers = new Map(Object.entries(answers));
    this.server = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('connection', (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) =>
      this.#answer(request, response),
    );
  }

  /** Keys are `METHOD path`, or `METHOD path AUTHORIZATION` for whoever sends that. */
  static async start(
    answers: Readonly<Record<string, Say>>,
    tls?: { readonly cert: string; readonly key: string },
  ): Promise<RegistryRig> {
    const server = tls === undefined ? createHttpServer() : createHttpsServer(tls);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RegistryRig(server, answers);
  }

  /** Connections that are still open. */
  get open(): number {
    return this.#sockets.size;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server.close(), 'close');
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const question = `${request.method} ${request.url}`;
    const authorization = request.headers.authorization ?? '-';
    this.asked.push(`${question} ${authorization}`);
    const say = this.#answers.get(`${question} ${authorization}`) ?? this.#answers.get(question);
    if (say === undefined) response.writeHead(404).end();
    else say(response, request);
  }
}

/** A whole answer. */
export function says(status: number, headers: Record<string, string | string[]> = {}, body = ''): Say {
  return response => response.writeHead(status, headers).end(body);
}

export const asksFor = (...challenges: string[]): Say => says(401, { 'www-authenticate': challenges });
