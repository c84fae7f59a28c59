// One request on its way through the gateway, and what can be done to it and to its answer.

import type {
  ClientRequest,
  IncomingHttpHeaders,
  IncomingMessage,
  OutgoingHttpHeaders,
  ServerResponse,
} from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { type Agent, request as ask } from 'node:https';

/** Over HTTP/1.1 or HTTP/2: what is used here is the same of both. */
export type AskedRequest = IncomingMessage | Http2ServerRequest;
export type GivenResponse = ServerResponse | Http2ServerResponse;

/** Looks at all of the answer that has come; says after which byte it breaks off, once it knows. */
export type Cut = (whole: Buffer) => number | undefined;

export class Exchange {
  readonly verb: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly #request: AskedRequest;
  readonly #response: ServerResponse;
  readonly #target: URL;
  readonly #agent: Agent;

  constructor(request: AskedRequest, response: GivenResponse, target: URL, agent: Agent) {
    const { pathname, searchParams } = new URL(request.url ?? '', target);
    this.path = pathname;
    this.query = searchParams;
    this.verb = searchParams.get('watch') === 'true' ? 'WATCH' : (request.method ?? '');
    this.#request = request;
    // Node made the other one to be used alike, but their types have no common form.
    this.#response = response as ServerResponse;
    this.#target = target;
    this.#agent = agent;
  }

  /** As the gateway sees it: names the connection. */
  get port(): number {
    return this.#request.socket.remotePort ?? 0;
  }

  get isWatch(): boolean {
    return this.verb === 'WATCH';
  }

  get isList(): boolean {
    return this.query.get('sendInitialEvents') === 'true';
  }

  get isWrite(): boolean {
    return !this.isWatch && this.verb !== 'GET';
  }

  carries(token: string): boolean {
    return this.#request.headers.authorization === `Bearer ${token}`;
  }

  /** To the API server, and its answer back; as far as `cut` says, and then `then` decides what comes of it. */
  pass(cut?: Cut, then: () => void = () => this.end()): void {
    const upstream = this.#ask(answer => {
      const response = this.#response;
      response.writeHead(answer.statusCode ?? 502, handedOn(answer.headers));
      response.flushHeaders();
      answer.on('error', () => response.destroy());
      if (cut === undefined) answer.pipe(response);
      else this.#handOn(answer, cut, then);
    });
    upstream.on('error', () => this.#response.destroy());
    this.#response.on('close', () => {
      if (!this.#response.writableFinished) upstream.destroy();
    });
  }

  /** Has the API server carry it out, and then calls instead of answering. */
  swallow(then: () => void): void {
    const upstream = this.#ask(answer => answer.resume().once('end', then));
    upstream.on('error', then);
  }

  answer(status: number, body: string | Buffer, headers: OutgoingHttpHeaders = {}): void {
    this.#request.resume();
    this.#response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  }

  /** A Status object, as the API server refuses. */
  refuse(code: number, reason: string, headers: OutgoingHttpHeaders = {}): void {
    this.answer(code, JSON.stringify(statusOf(code, reason)), headers);
  }

  /** Ends the answer as if it were complete. */
  end(): void {
    this.#response.end();
  }

  #ask(onAnswer: (answer: IncomingMessage) => void): ClientRequest {
    const { method, url: path, headers } = this.#request;
    const { hostname, port } = this.#target;
    const given = { agent: this.#agent, hostname, port, method, path, headers: handedOn(headers) };
    const upstream = ask(given, onAnswer);
    this.#request.pipe(upstream);
    return upstream;
  }

  #handOn(answer: IncomingMessage, cut: Cut, then: () => void): void {
    const response = this.#response;
    let whole = Buffer.alloc(0);
    answer.on('data', (chunk: Buffer) => {
      const sent = whole.length;
      whole = Buffer.concat([whole, chunk]);
      const end = cut(whole);
      if (end === undefined) return void response.write(chunk);
      answer.removeAllListeners('data').removeAllListeners('end').destroy();
      response.write(whole.subarray(sent, end), () => then());
    });
    answer.on('end', () => response.end());
  }
}

/** Those that are about one connection are not handed on to the other. */
const handedOn = (headers: IncomingHttpHeaders): OutgoingHttpHeaders =>
  Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !name.startsWith(':') && !['connection', 'keep-alive', 'transfer-encoding'].includes(name),
    ),
  );

export const statusOf = (code: number, reason: string) => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code,
  reason,
  message: `made up by a test: ${reason}`,
});
