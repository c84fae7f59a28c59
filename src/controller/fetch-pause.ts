// For how long a source is left alone after a failure.

import type { Random } from '../clock.ts';
import { backoffDelay } from '../kube/backoff.ts';

/** Milliseconds. */
const BACKOFF = { first: 5_000, longest: 300_000 };
/** However long somebody asks to be left alone, the token in use goes on ageing. */
const LONGEST_LEFT_ALONE = 3_600_000;

/**
 * Milliseconds after the `failures`-th failure in a row. `retryAfter` is what the source asks for; `left` what is left
 * of the token that is to be replaced, for whoever asks for a pause does not know that.
 */
export function pauseAfter(failures: number, retryAfter: number, left: number, random: Random): number {
  const patience = Math.max(BACKOFF.longest, left / 2);
  return Math.max(
    backoffDelay(failures, BACKOFF, random),
    Math.min(retryAfter, LONGEST_LEFT_ALONE, patience),
  );
}
