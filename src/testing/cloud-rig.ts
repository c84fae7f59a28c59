// The services of a cloud on loopback, told apart by the host that a request is for. What each says is in
// google-cloud.ts and azure-cloud.ts; a test can have it say something else.

import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Ask } from '../sources/cloud-conversation.ts';

export interface CloudRequest {
  readonly method: string;
  readonly host: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Of a body that is one. */
  readonly form: URLSearchParams;
}

export interface CloudReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Undefined: never an answer. */
export type Service = (request: CloudRequest) => CloudReply | undefined;

export const json = (status: number, value: unknown, headers: Record<string, string> = {}): CloudReply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(value),
});

export const HTML_PAGE: CloudReply = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<!DOCTYPE html><html><body>Sign in to the network</body></html>',
};

export class CloudRig {
  readonly asked: CloudRequest[] = [];
  /** What is said instead, by host. */
  readonly instead = new Map<string, Service>();
  readonly server: Server;
  /** HOST:PORT of those that it plays, where it is reached by a tunnel. */
  readonly hosts: RegExp;
  readonly #service: Service;

  private constructor(server: Server, service: Service, hosts: RegExp) {
    this.server = server;
    this.hosts = hosts;
    this.#service = service;
    server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
      void this.#answer(incoming, response);
    });
  }

  static async start(service: Service, hosts = /^/): Promise<CloudRig> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CloudRig(server, service, hosts);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await once(this.server.close(), 'close');
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** METHOD and URL of each, without query. */
  get urls(): string[] {
    return this.asked.map(({ method, url }) => `${method} ${url.origin}${url.pathname}`);
  }

  /** Brings every question here, whomever it is for. */
  readonly ask: Ask = async ({ url, method, headers, body }, signal) => {
    const outgoing = request({
      port: this.port,
      host: '127.0.0.1',
      method,
      path: url.pathname + url.search,
      headers: { ...headers, host: url.host, 'x-scheme': url.protocol },
      signal,
    });
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    const received = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    return {
      status: answer.statusCode ?? 0,
      headers: Object.fromEntries(received),
      body: await text(answer),
    };
  };

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(incoming);
    const { host = '', 'x-scheme': scheme = 'https:', ...headers } = incoming.headers;
    const asked: CloudRequest = {
      method: incoming.method ?? '',
      host,
      url: new URL(incoming.url ?? '/', `${scheme}//${host}`),
      headers: headers as Record<string, string>,
      body,
      form: new URLSearchParams(body),
    };
    this.asked.push(asked);
    const reply = (this.instead.get(host) ?? this.#service)(asked);
    if (reply !== undefined) response.writeHead(reply.status, { ...reply.headers }).end(reply.body);
  }
}
