// Keeps the connection of the watches: made with the first of them, made anew when it has
// ended or the TLS material has changed, and given up where the server does not speak HTTP/2.

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

export class WatchConnection {
  readonly #server: string;
  readonly #timeouts: Timeouts;
  #current: Current | undefined;
  #isSpoken = true;

  constructor(server: string, timeouts: Timeouts) {
    this.#server = server;
    this.#timeouts = timeouts;
  }

  /** False once the server was found to speak HTTP/1.1 only. */
  get isSpoken(): boolean {
    return this.#isSpoken;
  }

  /** Resolves as soon as the answer begins; undefined where it has to be asked over HTTP/1.1. */
  async open(tls: TlsMaterial, outgoing: Outgoing): Promise<StreamAnswer | undefined> {
    if (!this.#isSpoken) return undefined;
    const session = await this.#session(tls);
    this.#isSpoken = session !== undefined;
    return session && openStream(session, outgoing, this.#timeouts.headers);
  }

  async close(): Promise<void> {
    const session = await this.#current?.session.catch(() => undefined);
    session?.destroy();
  }

  async #session(tls: TlsMaterial): Promise<ClientHttp2Session | undefined> {
    const current = this.#current;
    if (current !== undefined && isSameTls(current.tls, tls)) {
      const session = await current.session;
      if (session === undefined || !(session.closed || session.destroyed)) return session;
    }
    // Others may have waited for the same one, and the first of them has made another by now.
    if (this.#current !== current) return this.#session(tls);
    const session = openSession(this.#server, tls, this.#timeouts);
    const next = { tls, session };
    this.#current = next;
    // The next watch tries again.
    session.catch(() => this.#forget(next));
    // The old one ends with the watches that it carries.
    void current?.session.then(old => old?.close()).catch(() => undefined);
    return session;
  }

  #forget(failed: Current): void {
    if (this.#current === failed) this.#current = undefined;
  }
}
