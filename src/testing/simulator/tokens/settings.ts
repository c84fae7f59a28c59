// How a simulation of tokens is set up: four seeds in a row have four lives of tokens, all else is chance.

import type { VerificationMode } from '../../../api/types.ts';
import { Dice } from '../../random.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Settings {
  readonly seed: number;
  /** Milliseconds that a token lives. */
  readonly life: number;
  /** Milliseconds of the whole. */
  readonly length: number;
  readonly replicas: 1 | 2;
  readonly verification: VerificationMode;
  /** Of one of the two that share a source: what it is told of a token keeps nobody waiting. */
  readonly isBetaOnReport: boolean;
  /**
   * Whether a token says when it ends, by the right clock, or for how long it lives. With the former nobody can tell
   * when it ends whose clock is far off, so clocks are set by less.
   */
  readonly expiry: 'moment' | 'duration';
  /** Milliseconds by which a clock is set. */
  readonly mostSkew: number;
}

const LIVES: readonly (readonly [life: number, length: number])[] = [
  [HOUR, 7 * DAY],
  [5 * MINUTE, 5 * HOUR],
  [3 * HOUR, 4 * DAY],
  [12 * HOUR, 7 * DAY],
];

/** Two agree by a Lease that is written every two seconds, which is most of the work. */
const lengthOfTwo = (life: number): number => Math.max(5 * HOUR, 2.5 * life);

export function settingsOf(seed: number): Settings {
  const dice = new Dice(Math.imul(seed, 0x9e3779b1));
  const [life, lengthOfOne] = LIVES[(seed - 1) % LIVES.length] as (typeof LIVES)[number];
  const expiry = dice.one<Settings['expiry']>(['moment', 'duration']);
  const replicas = dice.one<1 | 2>([1, 2]);
  return {
    seed,
    life,
    length: replicas === 1 ? lengthOfOne : lengthOfTwo(life),
    replicas,
    verification: dice.one<VerificationMode>(['Off', 'Enforce']),
    isBetaOnReport: dice.oneIn(3),
    expiry,
    mostSkew: expiry === 'moment' ? life / 10 : 5 * HOUR,
  };
}

/** Milliseconds: in each of these something may happen. */
export const hourOf = ({ length }: Settings): number => (length < 2 * DAY ? 10 * MINUTE : HOUR);

/** Between which and the last answer of who was away it is noticed that he is back: the longest pause, and what follows. */
export const noticedWithin = (settings: Settings): number => 5 * MINUTE + slack(settings);

/**
 * What a token has left at the least when it is to be renewed: a quarter of its life, of a short one half; less what
 * three clocks that differ take of it (that by which it was fetched, that of who renews it, the right one).
 */
export function leftAtLeast(settings: Settings): number {
  const { life, mostSkew, expiry } = settings;
  const byRule = life < 10 * MINUTE ? life / 2 : Math.max(life / 4, 5 * MINUTE);
  return byRule - (expiry === 'moment' ? 1.5 * mostSkew : 0) - slack(settings);
}

/** A fetch that is given up, a roll-out; and a registry that has not said anything yet. */
const slack = ({ verification }: Settings): number => (verification === 'Enforce' ? 100 : 40) * SECOND;

/** For how long somebody may be left alone who asks for it: not longer than the cap, nor than half of what the token has. */
export const leftAloneFor = (asked: number, { life }: Settings): number =>
  Math.min(asked, HOUR, Math.max(5 * MINUTE, life / 4));
