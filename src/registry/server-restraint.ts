// How much one registry is asked: registries lock accounts and addresses that come with a wrong login again and
// again. Pure: (what was, what happened, when) -> what is. Times are of a clock that never jumps, in milliseconds.

import type { Verdict } from './verdict.ts';

export interface Restraint {
  /** Of each user whose last login was rejected: how many times in a row. */
  readonly rejections: ReadonlyMap<string, number>;
  /** When it was asked, within the last minute. */
  readonly asked: readonly number[];
  readonly heldUntil: number;
}

export const NO_RESTRAINT: Restraint = { rejections: new Map(), asked: [], heldUntil: 0 };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Checks in a minute; one has four questions at most, of which two carry the login. */
const MOST_PER_MINUTE = 10;
/** The usual lock comes after three to five. */
const REJECTIONS_BEFORE_HOLD = 3;
const FIRST_HOLD = 10 * MINUTE;

/** Milliseconds until it may be asked; 0 means now. */
export function waitBeforeAsking({ asked, heldUntil }: Restraint, now: number): number {
  const recent = asked.filter(at => now - at < MINUTE);
  const turn =
    recent.length < MOST_PER_MINUTE ? now : (recent[recent.length - MOST_PER_MINUTE] ?? now) + MINUTE;
  return Math.max(0, heldUntil - now, turn - now);
}

export function whenAsked(restraint: Restraint, now: number): Restraint {
  return { ...restraint, asked: [...restraint.asked.filter(at => now - at < MINUTE), now] };
}

/** `user` is whom the login is of, in whatever form tells users apart. */
export function afterVerdict(restraint: Restraint, verdict: Verdict, user: string, now: number): Restraint {
  const { heldUntil } = restraint;
  if (verdict.outcome === 'inconclusive') {
    if (verdict.reason !== 'RateLimited') return restraint;
    const wait = Math.min(HOUR, Math.max(MINUTE, verdict.retryAfter ?? 0));
    return { ...restraint, heldUntil: Math.max(heldUntil, now + wait) };
  }
  const rejections = new Map(restraint.rejections);
  // A login of somebody else that is good says nothing about this one.
  if (verdict.outcome === 'rejected') rejections.set(user, (rejections.get(user) ?? 0) + 1);
  else rejections.delete(user);
  const hold = verdict.outcome === 'rejected' ? holdAfter(sumOf(rejections)) : 0;
  return { ...restraint, rejections, heldUntil: Math.max(heldUntil, now + hold) };
}

/** 10, 20, 40 minutes, then an hour each time. */
function holdAfter(rejections: number): number {
  if (rejections < REJECTIONS_BEFORE_HOLD) return 0;
  return Math.min(HOUR, FIRST_HOLD * 2 ** (rejections - REJECTIONS_BEFORE_HOLD));
}

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((a, b) => a + b, 0);
