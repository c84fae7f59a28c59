// When a token is fetched again: early enough to survive an outage, seldom enough to be no burden, and at the same
// moments whoever works it out, so that a restart neither fetches nor says anything new.

import { createHash } from 'node:crypto';

/** Milliseconds since the epoch. */
export interface Life {
  readonly fetchedAt: number;
  /** Undefined where nobody says. */
  readonly expiresAt: number | undefined;
}

/** Milliseconds. */
const MINUTE = 60_000;
/** Each renewal is a write in every namespace. */
const SOONEST = MINUTE;

/** 5 minutes or a tenth of its life before its end: whatever takes its place has to be on its way by then. */
export const lastCallOf = ({ fetchedAt, expiresAt = Number.POSITIVE_INFINITY }: Life): number =>
  expiresAt - Math.max(5 * MINUTE, (expiresAt - fetchedAt) / 10);

/**
 * Between half and three quarters of its life (`chance` in [0, 1) says where), but not later than its last call. Of
 * one that lives for less than ten minutes half its life is all there is, but a minute at the least. Undefined for one
 * that does not end.
 */
export function renewalOf({ fetchedAt, expiresAt }: Life, chance: number): number | undefined {
  if (expiresAt === undefined) return undefined;
  const life = expiresAt - fetchedAt;
  const wished = Math.min(fetchedAt + life * (0.5 + chance / 4), lastCallOf({ fetchedAt, expiresAt }));
  return Math.max(wished, fetchedAt + life / 2, fetchedAt + SOONEST);
}

/** Whether no pause between renewals leaves it half of its life. */
export const isShortLived = ({ fetchedAt, expiresAt }: Life): boolean =>
  expiresAt !== undefined && expiresAt - fetchedAt < 2 * SOONEST;

/** Milliseconds between two clocks, or two looks at one. */
const TOLERANCE = MINUTE;

/** It came later than it is now: somebody set the clock back, and nobody knows how much of its life is over. */
export const isOfTheFuture = ({ fetchedAt }: Life, now: number): boolean => fetchedAt > now + TOLERANCE;

/** When it is worth a warning that it was not renewed, a quarter of its life being left, and when it ends. */
export const turnsOf = ({ fetchedAt, expiresAt }: Life): readonly number[] =>
  expiresAt === undefined ? [] : [expiresAt - (expiresAt - fetchedAt) / 4, expiresAt];

/** How far it has come. */
export function ageOf(life: Life, now: number): 'living' | 'expiring' | 'expired' {
  const [lastQuarter = Number.POSITIVE_INFINITY, end = Number.POSITIVE_INFINITY] = turnsOf(life);
  if (now < lastQuarter) return 'living';
  return now < end ? 'expiring' : 'expired';
}

/** In [0, 1); spreads tokens that were fetched together, and is the same for the same token. */
export function chanceOf(key: string, fetchedAt: number): number {
  return createHash('sha256').update(`${key} ${fetchedAt}`).digest().readUInt32BE(0) / 2 ** 32;
}

/** Of this very token, in milliseconds since the epoch; undefined for one that does not end. */
export const renewalOfToken = (token: Life & { readonly key: string }): number | undefined =>
  renewalOf(token, chanceOf(token.key, token.fetchedAt));
