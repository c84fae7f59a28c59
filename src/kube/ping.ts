// Asks an HTTP/2 connection again and again whether it lives. A connection that is dead without a
// FIN, or whose server is stuck, looks just like one with nothing to say.

import type { ClientHttp2Session } from 'node:http2';
import { timeoutError } from '../net/timeout-error.ts';

/** Milliseconds: a dead one is found within the sum, 35 s. */
const TIMES = { every: 20_000, within: 15_000 };

export function keepAsking(session: ClientHttp2Session, { every, within } = TIMES): void {
  let unanswered: NodeJS.Timeout | undefined;
  const ask = setInterval(() => {
    if (session.destroyed) return;
    const received = bytesOf(session);
    const asked = setTimeout(() => {
      // The answer stands in line behind what a slow line brings. What brings anything lives.
      if (session.destroyed || bytesOf(session) !== received) return;
      session.destroy(timeoutError(`no answer to a PING within ${within / 1000} s`));
    }, within);
    unanswered = asked.unref();
    session.ping(() => clearTimeout(asked));
  }, every).unref();
  session.once('close', () => {
    clearInterval(ask);
    clearTimeout(unanswered);
  });
}

const bytesOf = ({ socket }: ClientHttp2Session): number => socket.bytesRead;
