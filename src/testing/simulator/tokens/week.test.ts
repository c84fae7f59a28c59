// Days on tokens of five minutes to half a day: no namespace is without a living one when one could be had, and no more
// are fetched than it takes.

import { expect } from 'chai';
import { settingsOf } from './settings.ts';
import { Week } from './week.ts';

const MINUTE = 60_000;
/** Pauses of 5, 10, 20, … 160 s come before those of two and a half to five minutes. */
const SHORT_PAUSES = 7;
/** One for each life; one in which a process meets two tokens of one source; one with an hour, one replica and Enforce. */
const SEEDS = [1, 2, 3, 4, 23, 25];
const { WEEK_SEED: first, WEEK_COUNT: count = '1' } = process.env;
const seeds =
  first === undefined ? SEEDS : Array.from({ length: Number(count) }, (_, index) => Number(first) + index);

describe('days on tokens', function () {
  this.timeout(300_000);

  for (const seed of seeds) {
    const settings = settingsOf(seed);
    const { life, length, replicas, verification, expiry } = settings;
    const how = `replicas: ${replicas}, verification ${verification}, the end told as a ${expiry}`;
    it(`of ${life / MINUTE} minutes, ${how}: no namespace is without one that could be had, and few are fetched (WEEK_SEED=${seed})`, async () => {
      const week = await new Week(settings).run();
      expect(week.violations).to.deep.equal([]);
      // What never happens shows nothing.
      expect(week.outages).to.be.above(0);
      // Not sooner than after half of its life, but for those who forget it: a restart, and a clock that is set.
      const forgetting = week.restarts + week.clocksSet + week.standstills + week.edits;
      expect(week.given).to.be.at.most(1 + length / (life / 2) + forgetting);
      const quickly = SHORT_PAUSES * (week.outages + forgetting);
      expect(week.refused).to.be.at.most(week.away / (2.5 * MINUTE) + quickly);
      expect(week.secretWrites).to.be.at.most(week.needed);
    });
  }
});
