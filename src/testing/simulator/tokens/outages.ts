// When whoever gives tokens out is away, and whether a login that lives could be had all the same.

import type { Dice } from '../../random.ts';
import type { Outage } from './token-server.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Some twenty in a week: most are shorter than what is left of a token, a few are longer than a token lives. */
export function randomOutages(dice: Dice, length: number): readonly Outage[] {
  const outages: Outage[] = [];
  for (let from = HOUR + dice.upTo(8 * HOUR); from < length; ) {
    const lasts = dice.oneIn(4) ? dice.upTo(6 * HOUR) : dice.upTo(14 * MINUTE);
    const how = dice.one<Outage['how']>(['refuses', 'throttles', 'is silent']);
    outages.push({ from, until: from + lasts, how });
    from += lasts + MINUTE + dice.upTo(dice.oneIn(3) ? 20 * MINUTE : 14 * HOUR);
  }
  return outages;
}

/** The longest pause between two attempts, a fetch that is given up in between, and what follows. */
const NOTICED_WITHIN = 5 * MINUTE + 40_000;
/** A token is renewed with a quarter of its life left, or sooner; what goes on in between included. */
const LEFT_AT_LEAST = 15 * MINUTE - 40_000;

/**
 * Not while it is away and has been for so long that the last token is over, and for the moment until it is noticed
 * that it is back. If it was there so short a time that nobody noticed, it was away all the while.
 */
export function couldBeHad(moment: number, outages: readonly Outage[]): boolean {
  let since = Number.POSITIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  for (const outage of outages) {
    if (outage.from > moment) break;
    if (outage.from > until + NOTICED_WITHIN) since = outage.from;
    until = outage.until;
  }
  return moment > until + NOTICED_WITHIN || moment < since + LEFT_AT_LEAST;
}
