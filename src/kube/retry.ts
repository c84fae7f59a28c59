// Decides, without doing it, whether and when a failed request is sent again. Short and
// bounded: what lasts longer is the business of the queue, which knows what else waits.

import type { Random } from '../clock.ts';
import { backoffDelay } from './backoff.ts';
import { ApiError, TransportError } from './errors.ts';
import type { KubeRequest } from './kube-client.ts';

const ATTEMPTS = 4;
/** Milliseconds from the first attempt to the start of the last one. */
const BUDGET = 10_000;
const BACKOFF = { first: 200, longest: 3_000 };

/** Answers of a server, or of a proxy before it, that is overloaded or away for a moment. */
const PASSING = new Set([429, 502, 503, 504]);

export interface Tried {
  readonly method: KubeRequest['method'];
  /** Attempts made, 1 or more. */
  readonly attempts: number;
  /** Milliseconds since the first attempt began. */
  readonly elapsed: number;
}

/** Milliseconds until the next attempt; undefined when the failure is the caller's to handle. */
export function retryDelay(failure: unknown, tried: Tried, random: Random): number | undefined {
  if (tried.attempts >= ATTEMPTS) return undefined;
  const delay = wantedDelay(failure, tried, random);
  return delay === undefined || tried.elapsed + delay > BUDGET ? undefined : delay;
}

function wantedDelay(failure: unknown, tried: Tried, random: Random): number | undefined {
  const backoff = backoffDelay(tried.attempts, BACKOFF, random);
  if (failure instanceof ApiError && PASSING.has(failure.code)) {
    // Never sooner than the server asked; the jitter comes on top.
    return failure.retryAfter === undefined ? backoff : failure.retryAfter + random() * BACKOFF.first;
  }
  // No answer: a write may have been carried out, and only its author knows what that means.
  if (failure instanceof TransportError && tried.method === 'GET' && tried.attempts === 1) return backoff;
  return undefined;
}
