// When whoever gives tokens out is away, and whether a login that lives could be had all the same.

import type { Dice } from '../../random.ts';
import { leftAloneFor, leftAtLeast, noticedWithin, type Settings } from './settings.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const NO_TOKEN_YET = Number.NEGATIVE_INFINITY;

export interface Outage {
  /** Milliseconds of virtual time. */
  readonly from: number;
  readonly until: number;
  readonly how: 'refuses' | 'throttles' | 'is silent';
  /** Milliseconds for which he asks to be left alone; he does not know how long the last token lives. */
  readonly retryAfter: number;
}

/**
 * Some twenty in a week: most are shorter than what is left of a token, a few are longer than a token lives. Every other
 * time it is away from the beginning.
 */
export function randomOutages(dice: Dice, { length, life }: Settings): readonly Outage[] {
  const outages: Outage[] = [];
  const longest = Math.min(Math.max(6 * HOUR, 2 * life), length / 8);
  const hours = Math.min(14 * HOUR, length / 6);
  for (let from = dice.oneIn(2) ? 0 : HOUR + dice.upTo(hours / 2); from < length; ) {
    const lasts = dice.oneIn(4) ? dice.upTo(longest) : dice.upTo(Math.max(life / 4, 5 * MINUTE));
    const how = dice.one<Outage['how']>(['refuses', 'throttles', 'is silent']);
    const retryAfter = how === 'throttles' ? MINUTE + dice.upTo(2 * HOUR - MINUTE) : 0;
    outages.push({ from, until: from + lasts, how, retryAfter });
    from += lasts + MINUTE + dice.upTo(dice.oneIn(3) ? 20 * MINUTE : hours);
  }
  return outages;
}

/**
 * Not while it is away and has been for so long that the last token is over, and for the moment until it is noticed
 * that it is back. If it was there so short a time that nobody noticed, it was away all the while.
 */
export function couldBeHad(moment: number, outages: readonly Outage[], settings: Settings): boolean {
  let since = Number.POSITIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  let unnoticed = 0;
  for (const outage of outages) {
    if (outage.from > moment) break;
    if (outage.from > until + unnoticed) since = outage.from === 0 ? NO_TOKEN_YET : outage.from;
    until = outage.until;
    unnoticed = Math.max(noticedWithin(settings), leftAloneFor(outage.retryAfter, settings) + MINUTE);
  }
  return moment > until + noticedWithin(settings) || moment < since + leftAtLeast(settings);
}
