// When a login is tried again. Nothing is asked that has no use: a good login once a day, for it may have been revoked;
// what is wrong or away less and less, for registries lock accounts and may be out of reach for good.

import type { Random } from '../clock.ts';
import { latestOf, type Verdict } from '../registry/verdict.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Only another spec or Secret changes these, and then it is another check. */
const FINAL: ReadonlySet<Verdict['reason']> = new Set(['ServerUnusable', 'ImageUnusable', 'CAUnusable']);

const AFTER_REJECTION = 10 * MINUTE;
/** A moment after the registry is no longer left alone: what is new goes first. */
const BEHIND = 1.1;

/** Milliseconds; undefined: never. `attempts`: how often in a row it came out like this, this time included. */
export function untilNextCheck(verdict: Verdict, attempts: number, random: Random): number | undefined {
  const latest = latestOf(verdict);
  const { outcome, reason } = latest;
  if (FINAL.has(reason)) return undefined;
  // Logins that came together are not asked together for ever.
  if (outcome === 'verified' || reason === 'LoginNotAsked') return DAY * (0.9 + random() / 5);
  if (outcome !== 'inconclusive') return doubled(AFTER_REJECTION, attempts) * BEHIND;
  const asked = Math.min(latest.retryAfter ?? 0, HOUR);
  if (reason !== 'HeldBack') return Math.max(asked, doubled(MINUTE, attempts));
  return asked * (verdict.outcome === 'rejected' ? BEHIND : 1);
}

/** Of a login that an earlier run was told no to: however often an operator starts, it locks no account. */
export const untilFirstCheck = (random: Random): number => AFTER_REJECTION * (BEHIND + random() / 4);

/** To an hour. */
const doubled = (first: number, attempts: number): number =>
  Math.min(HOUR, first * 2 ** Math.min(attempts - 1, 30));

/** Milliseconds for which a login waits for its verdict, where it is its turn. */
export const LONGEST_HOLD = 60_000;

/** Of a registry that is asked no more than so often a minute. */
export const isTurn = (verdict: Verdict): verdict is Verdict & { readonly retryAfter: number } =>
  verdict.reason === 'HeldBack' && (verdict.retryAfter ?? LONGEST_HOLD + 1) <= LONGEST_HOLD;

/** Returns how often in a row it came out like this. An outage in between is no further refusal. */
export function countOutcome(
  login: { refusals: number; outages: number },
  { outcome }: Pick<Verdict, 'outcome'>,
): number {
  if (outcome === 'inconclusive') return ++login.outages;
  login.outages = 0;
  login.refusals = outcome === 'verified' ? 0 : login.refusals + 1;
  return login.refusals;
}
