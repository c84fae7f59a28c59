// A week on tokens of an hour: no namespace is without a living one when one could be had, and no more are fetched than
// it takes.

import { expect } from 'chai';
import { LIFE } from './token-server.ts';
import { WEEK, Week } from './week.ts';

const MINUTE = 60_000;
/** Pauses of 5, 10, 20, … 160 s come before those of two and a half to five minutes. */
const SHORT_PAUSES = 7;

describe('a week on tokens of an hour', function () {
  this.timeout(300_000);
  const seed = Number(process.env.WEEK_SEED ?? 1);

  it(`no namespace is without one that lives when one could be had, and few are fetched (WEEK_SEED=${seed})`, async () => {
    const week = await new Week(seed).run();
    expect(week.violations).to.deep.equal([]);
    // What never happens shows nothing.
    expect(week.outages).to.be.above(5);
    expect(week.restarts).to.be.above(5);
    expect(week.without).to.be.above(0);
    // Not sooner than after half of its life, but for those who forget it: a restart, and a clock that is set.
    expect(week.given).to.be.at.most(WEEK / (LIFE / 2) + week.restarts + week.clocksSet);
    const quickly = SHORT_PAUSES * (week.outages + week.restarts);
    expect(week.refused).to.be.at.most(week.away / (2.5 * MINUTE) + quickly);
    expect(week.secretWrites).to.be.at.most(week.needed);
  });
});
