// When a login is tried again. Nothing is asked that has no use: a good login once a day, for it may have been revoked;
// what is wrong or away less and less, for registries lock accounts and may be out of reach for good.

import type { Random } from '../clock.ts';
import type { Verdict } from '../registry/verdict.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Only another spec or Secret changes these, and then it is another check. */
const FINAL: ReadonlySet<Verdict['reason']> = new Set(['ServerUnusable', 'ImageUnusable', 'CAUnusable']);

/** Milliseconds; undefined: never. `attempts`: how often in a row it was not well, this time included. */
export function untilNextCheck(verdict: Verdict, attempts: number, random: Random): number | undefined {
  const { outcome, reason } = verdict;
  if (FINAL.has(reason)) return undefined;
  // Logins that came together are not asked together for ever.
  if (outcome === 'verified' || reason === 'LoginNotAsked') return DAY * (0.9 + random() / 5);
  // A moment after the registry is no longer left alone for it: what is new goes first.
  if (outcome !== 'inconclusive') return doubled(10 * MINUTE, attempts) * 1.1;
  const asked = Math.min(verdict.retryAfter ?? 0, HOUR);
  return Math.max(asked, reason === 'HeldBack' ? 0 : doubled(MINUTE, attempts));
}

/** To an hour. */
const doubled = (first: number, attempts: number): number =>
  Math.min(HOUR, first * 2 ** Math.min(attempts - 1, 30));
