// Keeps the connection of the watches: made with the first of them, made anew when it has
// ended or the TLS material has changed, and given up for a while where the server does not speak HTTP/2.

import type { ClientHttp2Session } from 'node:http2';
import type { Outgoing, Timeouts } from '../net/exchange.ts';
import type { TlsMaterial } from './endpoint.ts';
import { isSameTls } from './same-tls.ts';
import { openSession, openStream, type StreamAnswer } from './watch-session.ts';

interface Current {
  readonly tls: TlsMaterial;
  /** Undefined where the server speaks HTTP/1.1 only. */
  readonly session: Promise<ClientHttp2Session | undefined>;
}

/** Milliseconds until a server that spoke HTTP/1.1 only is asked again: it may have been an odd moment. */
const ASKED_AGAIN = 600_000;

export class WatchConnection {
  readonly #server: string;
  readonly #timeouts: Timeouts;
  readonly #closing = new AbortController();
  #current: Current | undefined;
  /** By the monotonic clock. */
  #notSpokenUntil = 0;

  constructor(server: string, timeouts: Timeouts) {
    this.#server = server;
    this.#timeouts = timeouts;
  }

  /** False while the server is known to speak HTTP/1.1 only. */
  get isSpoken(): boolean {
    return performance.now() >= this.#notSpokenUntil;
  }

  /** Resolves as soon as the answer begins; undefined where it has to be asked over HTTP/1.1. */
  async open(tls: TlsMaterial, outgoing: Outgoing): Promise<StreamAnswer | undefined> {
    this.#closing.signal.throwIfAborted();
    if (!this.isSpoken) return undefined;
    const session = await unlessAborted(this.#session(tls), outgoing.signal);
    if (session !== undefined) return openStream(session, outgoing, this.#timeouts.headers);
    this.#notSpokenUntil = performance.now() + ASKED_AGAIN;
    this.#current = undefined;
    return undefined;
  }

  /** Cuts what there is, and what is being made. */
  close(): void {
    this.#closing.abort(new Error('the client is closed'));
    void this.#current?.session.then(session => session?.destroy()).catch(() => undefined);
  }

  async #session(tls: TlsMaterial): Promise<ClientHttp2Session | undefined> {
    const current = this.#current;
    if (current !== undefined && isSameTls(current.tls, tls)) {
      const session = await current.session;
      if (session === undefined || !(session.closed || session.destroyed)) return session;
    }
    // Others may have waited for the same one, and the first of them has made another by now.
    return this.#current === current ? this.#make(tls) : this.#session(tls);
  }

  #make(tls: TlsMaterial): Promise<ClientHttp2Session | undefined> {
    const before = this.#current?.session;
    const session = openSession(this.#server, tls, this.#timeouts, this.#closing.signal);
    const made = { tls, session };
    this.#current = made;
    // The next watch tries again.
    session.catch(() => this.#forget(made));
    // The old one ends with the watches that it carries, those that wait for it just now included.
    void before?.then(old => setImmediate(() => old?.close())).catch(() => undefined);
    return session;
  }

  #forget(failed: Current): void {
    if (this.#current === failed) this.#current = undefined;
  }
}

/** Whoever gives up does not end what others wait for. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
