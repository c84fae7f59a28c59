// How long to wait after a failure: exponential, so that a server in trouble is left
// alone, and jittered, so that clients that failed together do not come back together.

import type { Random } from '../clock.ts';

export interface BackoffRange {
  /** Milliseconds before the second attempt, before jitter. */
  readonly first: number;
  /** Milliseconds; never exceeded. */
  readonly longest: number;
}

/** Milliseconds to wait after the `failures`-th failure in a row (1, 2, …): the upper half is random. */
export function backoffDelay(failures: number, range: BackoffRange, random: Random): number {
  // 2 ** 1024 is Infinity, which min() still cuts to the longest.
  const full = Math.min(range.longest, range.first * 2 ** (failures - 1));
  return full / 2 + (full / 2) * random();
}
