// How much one registry is asked: registries lock accounts and addresses that come with a wrong login again and
// again. Pure: (what was, what happened, when) -> what is. Times are of a clock that never jumps, in milliseconds.

import type { Verdict } from './verdict.ts';

export interface Restraint {
  /** Of each account whose last login was rejected, and that lately. */
  readonly rejections: ReadonlyMap<string, Rejections>;
  /** When a login was rejected, of whatever account. */
  readonly rejected: readonly number[];
  /** When it was asked, within the last minute. */
  readonly asked: readonly number[];
  /** For whoever it is. */
  readonly heldUntil: number;
}

interface Rejections {
  /** How many in a row. */
  readonly count: number;
  readonly last: number;
  readonly heldUntil: number;
}

export const NO_RESTRAINT: Restraint = { rejections: new Map(), rejected: [], asked: [], heldUntil: 0 };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Checks in a minute; one has four questions at most, of which two carry the login. */
const MOST_PER_MINUTE = 10;
/** The usual lock of an account comes after three to five. */
const REJECTIONS_BEFORE_HOLD = 3;
const FIRST_HOLD = 10 * MINUTE;
/** An address is locked for what comes shortly one after the other, and for less time than an account. */
const MOST_REJECTED = 5;
/** Whoever is rejected all the time is so each hour: of others, a slip now and then is no pattern. */
const REMEMBERED = 6 * HOUR;

/** Milliseconds until a login of this account may be tried; 0 means now. */
export function waitBeforeAsking(
  { rejections, asked, heldUntil }: Restraint,
  account: string,
  now: number,
): number {
  const recent = asked.filter(at => now - at < MINUTE);
  const turn =
    recent.length < MOST_PER_MINUTE ? now : (recent[recent.length - MOST_PER_MINUTE] ?? now) + MINUTE;
  return Math.max(0, heldUntil - now, (rejections.get(account)?.heldUntil ?? 0) - now, turn - now);
}

/** Whether the last login of this account was rejected, and that lately. */
export const wasRejected = ({ rejections }: Restraint, account: string, now: number): boolean =>
  isRecent(rejections.get(account), now);

export function whenAsked(restraint: Restraint, now: number): Restraint {
  return { ...restraint, asked: [...restraint.asked.filter(at => now - at < MINUTE), now] };
}

/** `account` is whose the login is, in whatever form tells accounts apart. */
export function afterVerdict(
  restraint: Restraint,
  verdict: Verdict,
  account: string,
  now: number,
): Restraint {
  if (verdict.outcome === 'inconclusive') {
    if (verdict.reason !== 'RateLimited') return restraint;
    return heldFor(restraint, Math.min(HOUR, Math.max(MINUTE, verdict.retryAfter ?? 0)), now);
  }
  const others = [...restraint.rejections].filter(([other, one]) => other !== account && isRecent(one, now));
  // A login of somebody else that is good says nothing about this one.
  if (verdict.outcome !== 'rejected') return { ...restraint, rejections: new Map(others) };
  const before = restraint.rejections.get(account);
  const count = isRecent(before, now) ? before.count + 1 : 1;
  const heldUntil = now + holdAfter(count);
  const rejected = [...restraint.rejected.filter(at => now - at < FIRST_HOLD), now];
  const rejections = new Map([...others, [account, { count, last: now, heldUntil }] as const]);
  const after = { ...restraint, rejections, rejected };
  return rejected.length < MOST_REJECTED ? after : heldFor(after, FIRST_HOLD, now);
}

const heldFor = (restraint: Restraint, wait: number, now: number): Restraint => ({
  ...restraint,
  heldUntil: Math.max(restraint.heldUntil, now + wait),
});

const isRecent = (rejections: Rejections | undefined, now: number): rejections is Rejections =>
  rejections !== undefined && now - rejections.last < REMEMBERED;

/** 10, 20, 40 minutes, then an hour each time. */
function holdAfter(rejections: number): number {
  if (rejections < REJECTIONS_BEFORE_HOLD) return 0;
  return Math.min(HOUR, FIRST_HOLD * 2 ** (rejections - REJECTIONS_BEFORE_HOLD));
}
