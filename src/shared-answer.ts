// One answer for all who ask meanwhile. Anybody in the cluster may ask for /metrics, and to render it takes the event loop
// that also renews the Lease: however many ask, it rests four times as long after each, though no longer than two seconds.

import { setTimeout as delay } from 'node:timers/promises';

/** After each rendering comes a rest of so many times as long. */
const REST = 4;
/** Milliseconds, of a rest: to send an answer takes the event loop too, once for each connection. */
const SHORTEST_REST = 50;
/** Milliseconds; Prometheus gives up after ten seconds, unless told otherwise. */
const LONGEST_REST = 2_000;

export interface Pace {
  /** Milliseconds. */
  monotonic(): number;
  sleep(milliseconds: number): Promise<unknown>;
}

/** Of this machine; a rest keeps no process from its end. */
const REAL: Pace = {
  monotonic: () => performance.now(),
  sleep: milliseconds => delay(milliseconds, undefined, { ref: false }),
};

/** @returns what gives, to each who calls it, an answer whose rendering began after that call: never an older one. */
export function sharedAnswer<Answer>(
  render: () => Answer | Promise<Answer>,
  pace: Pace = REAL,
): () => Promise<Answer> {
  let next: Promise<Answer> | undefined;
  /** Resolves when the next one may begin. */
  let free: Promise<unknown> = Promise.resolve();
  const begin = async (): Promise<Answer> => {
    await free;
    // Whoever comes from here on may miss something in this one.
    next = undefined;
    const began = pace.monotonic();
    const rest = () => pace.sleep(restAfter(pace.monotonic() - began));
    const answer = Promise.resolve().then(render);
    free = answer.then(rest, rest);
    return answer;
  };
  return () => {
    next ??= begin();
    return next;
  };
}

const restAfter = (duration: number): number =>
  Math.min(Math.max(duration * REST, SHORTEST_REST), LONGEST_REST);
