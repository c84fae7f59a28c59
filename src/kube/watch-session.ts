// The one HTTP/2 connection that carries all watches. Unlike HTTP/1.1 it can be asked whether it
// lives, without a request: a quiet watch on a dead one ends soon, and need not be renewed to know (ADR 0018).

import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  connect as overSocket,
  sensitiveHeaders,
} from 'node:http2';
import { isIP } from 'node:net';
import { createSecureContext, connect as overTls, type TLSSocket } from 'node:tls';
import { answerText } from '../net/answer-text.ts';
import type { Outgoing, Timeouts } from '../net/exchange.ts';
import { timeoutError } from '../net/timeout-error.ts';
import type { TlsMaterial } from './endpoint.ts';
import { keepAsking } from './ping.ts';
import type { OpenedAnswer } from './transport.ts';

/** Bytes that a server may send ahead of us: for one watch, and for all of them. Node's own 64 kB would slow down lists from afar. */
const WINDOW = { stream: 512 * 1024, session: 2 * 1024 * 1024 };

/** Milliseconds of silence before TCP asks whether the peer is there: as for the other connections. */
const PROBED_AFTER = 15_000;

/** Undefined: the server speaks HTTP/1.1 only. `closing` ends the attempt. */
export async function openSession(
  server: string,
  tls: TlsMaterial,
  { connect }: Timeouts,
  closing: AbortSignal,
): Promise<ClientHttp2Session | undefined> {
  const socket = await secureSocket(server, tls, connect, closing);
  if (socket.alpnProtocol !== 'h2') {
    socket.destroy();
    return undefined;
  }
  const settings = { enablePush: false, initialWindowSize: WINDOW.stream };
  const session = overSocket(server, { createConnection: () => socket, settings });
  // Each stream has its error too; whoever has none must not end the process.
  session.on('error', () => undefined);
  session.once('connect', () => {
    // Node says so of one that was destroyed meanwhile, too.
    if (!session.destroyed) session.setLocalWindowSize(WINDOW.session);
  });
  keepAsking(session);
  return session;
}

function secureSocket(
  server: string,
  tls: TlsMaterial,
  time: number,
  closing: AbortSignal,
): Promise<TLSSocket> {
  const { hostname, port } = new URL(server);
  const host = hostname.replace(/^\[|\]$/g, '');
  const { ca, cert, key, servername = isIP(host) ? undefined : host, ...others } = tls;
  const secureContext = createSecureContext({ ca, cert, key });
  return new Promise((resolve, reject) => {
    const socket = overTls({
      ...others,
      host,
      port: Number(port || 443),
      secureContext,
      ALPNProtocols: ['h2', 'http/1.1'],
      ...(servername !== undefined && { servername }),
    });
    const timer = setTimeout(
      () => socket.destroy(timeoutError(`no connection within ${time / 1000} s`)),
      time,
    );
    const abort = (): void => void socket.destroy(closing.reason);
    closing.addEventListener('abort', abort, { once: true });
    const connected = (): void => {
      clearTimeout(timer);
      closing.removeEventListener('abort', abort);
    };
    socket.setKeepAlive(true, PROBED_AFTER);
    socket.once('error', reject);
    socket.once('close', () => {
      connected();
      reject(new Error('the connection was closed before it was secure'));
    });
    socket.once('secureConnect', () => {
      connected();
      resolve(socket);
    });
  });
}

/** The answer's headers are there; its body must be read to the end, or destroyed. */
export function openStream(
  session: ClientHttp2Session,
  { url, headers, signal }: Outgoing,
  time: number,
): Promise<StreamAnswer> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const settle = holdOpen(session);
    const stream = session.request({
      ...headers,
      ':method': 'GET',
      // Node's own guess has an IPv6 address without its brackets.
      ':authority': url.host,
      ':path': `${url.pathname}${url.search}`,
      // Or both sides would keep it in a table for the requests to come.
      [sensitiveHeaders]: ['authorization'],
    });
    const end = (cause: Error): void => {
      stream.close(constants.NGHTTP2_CANCEL);
      stream.destroy(cause);
    };
    const timer = setTimeout(() => end(timeoutError(`no answer within ${time / 1000} s`)), time);
    const abort = (): void => end(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    stream.once('response', answer => {
      clearTimeout(timer);
      resolve(new StreamAnswer(stream, answer));
    });
    stream.once('close', () => {
      settle();
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      reject(new Error('the connection was closed without an answer'));
    });
    // For good: an abort after the answer began comes here too, and the reader of the answer sees it.
    stream.on('error', reject);
  });
}

const carried = new WeakMap<ClientHttp2Session, number>();

/** A connection that carries nothing keeps no process alive, as those of an Agent do not. Answers how to let go of it. */
function holdOpen(session: ClientHttp2Session): () => void {
  carried.set(session, (carried.get(session) ?? 0) + 1);
  session.ref();
  return () => {
    const left = (carried.get(session) ?? 1) - 1;
    carried.set(session, left);
    if (left === 0) session.unref();
  };
}

export class StreamAnswer implements OpenedAnswer {
  readonly stream: ClientHttp2Stream;
  readonly statusCode: number;
  readonly retryAfter: string | undefined;

  constructor(stream: ClientHttp2Stream, headers: IncomingHttpHeaders & IncomingHttpStatusHeader) {
    this.stream = stream;
    this.statusCode = headers[':status'] ?? 0;
    this.retryAfter = headers['retry-after'];
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    yield* this.stream;
    this.#expectWhole();
  }

  /** All of an answer that ends; `silence` in milliseconds. */
  async text(silence: number): Promise<string> {
    const text = await answerText(this.stream, silence);
    this.#expectWhole();
    return text;
  }

  /** Node ends a stream whose connection was closed just like one that the server has ended. */
  #expectWhole(): void {
    if (this.stream.rstCode !== constants.NGHTTP2_NO_ERROR) throw new Error('the connection was closed');
  }
}
