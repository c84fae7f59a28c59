// One request over node:http(s) until its answer begins, with the time-outs that make a
// server that no longer answers a failure instead of a wait.

import { type Agent, type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { timeoutError } from './timeout-error.ts';

export interface Outgoing {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Milliseconds. */
export interface Timeouts {
  /** Until the request is sent: a proxy's tunnel and TLS included. */
  readonly connect: number;
  /** From then until the answer begins. */
  readonly headers: number;
  /** Of silence within the answer. */
  readonly body: number;
}

/** Milliseconds of silence before TCP asks whether the peer is there; Node then asks each second, 10 times. */
const PROBED_AFTER = 15_000;

/** The answer's headers are there; its body must be read to the end, or destroyed. */
export function exchange(agent: Agent, outgoing: Outgoing, timeouts: Timeouts): Promise<IncomingMessage> {
  const { url, method, headers, body, signal } = outgoing;
  const over = url.protocol === 'https:' ? overHttps : overHttp;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const request = over(url, { agent, method, headers });
    // Node leaves it out where a body is unusual, and then a DELETE arrives as two requests.
    if (body !== undefined) request.setHeader('content-length', Buffer.byteLength(body));
    const fail = (error: Error): void => {
      // Said here too: without a connection the request itself is silent until a proxy has answered.
      reject(error);
      request.destroy(error);
    };
    const failAfter = (time: number, problem: string): NodeJS.Timeout =>
      setTimeout(() => fail(timeoutError(`${problem} within ${time / 1000} s`)), time);
    const abort = (): void => fail(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    let timer = failAfter(timeouts.connect, 'no connection');
    request.once('socket', socket => {
      if (!request.reusedSocket) socket.setKeepAlive(true, PROBED_AFTER);
    });
    // Sent, not only connected: what a socket takes before its handshake is over waits in it.
    request.once('finish', () => {
      clearTimeout(timer);
      timer = failAfter(timeouts.headers, 'no answer');
    });
    request.once('response', answer => {
      clearTimeout(timer);
      resolve(answer);
    });
    request.once('close', () => {
      // Of an answer that switches protocols Node tells nobody: it closes, without an error.
      reject(new Error('the connection was closed without an answer'));
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    });
    // For good: an abort after the answer began comes here too, and the reader of the answer sees it.
    request.on('error', reject);
    request.end(body);
  });
}
