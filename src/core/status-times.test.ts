// What status says of the times of logins that end.

import { expect } from 'chai';
import { aReport, aSituation } from '../testing/situations.ts';
import type { Situation } from './readiness.ts';
import { statusOf } from './status.ts';

const NOON = Date.UTC(2026, 0, 1, 12);
const kept = aReport({ state: 'kept', message: 'Secret gone' });

describe('the times of tokens', () => {
  const at = (minutes: number) => new Date(NOON + minutes * 60_000);
  const first = { fetchedAt: at(-10), renewalAt: at(25), expiresAt: at(50) };
  const second = { fetchedAt: at(-5), renewalAt: at(30), expiresAt: at(40) };
  const situation = aSituation().reporting(aReport(first), aReport(second), aReport());
  const times = (one: Situation) => {
    const { lastRefreshTime, nextRefreshTime, expiresAt } = statusOf(one, NOON);
    return { lastRefreshTime, nextRefreshTime, expiresAt };
  };

  it('are the last that came, the first to come, and the first that ends', () => {
    expect(times(situation)).to.deep.equal({
      lastRefreshTime: at(-5).toISOString(),
      nextRefreshTime: at(25).toISOString(),
      expiresAt: at(40).toISOString(),
    });
  });

  it('are absent without tokens', () => {
    const status = statusOf(aSituation(), NOON);
    expect(status).to.not.have.any.keys('lastRefreshTime', 'nextRefreshTime', 'expiresAt');
  });

  it('stay as they were said while it is suspended', () => {
    const before = times(situation);
    expect(times(situation.said().suspended().reporting())).to.deep.equal(before);
  });

  it('of a login that is kept stand in the message of SourceFailing', () => {
    const message = (state: 'kept' | 'expired') =>
      statusOf(aSituation().reporting({ ...kept, state, expiresAt: at(5) }), NOON).conditions.find(
        ({ type }) => type === 'SourceFailing',
      )?.message;
    expect(message('kept')).to.equal(
      `registries[0]: Secret gone; the last known good login stays in use, and ends at ${at(5).toISOString()}`,
    );
    expect(message('expired')).to.equal(
      `registries[0]: Secret gone; the last known good login ended at ${at(5).toISOString()}, and is left in place`,
    );
  });

  it('decide what is said of a source that fails', () => {
    const conditions = (one: Situation) =>
      statusOf(one, NOON).conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`);
    expect(conditions(aSituation().reporting({ ...kept, state: 'expiring' }))).to.deep.equal([
      'Ready=True Synced',
      'SourceFailing=True LoginExpiring',
    ]);
    expect(conditions(aSituation().reporting({ ...kept, state: 'expired' }))).to.deep.equal([
      'Ready=False Expired',
      'SourceFailing=True Expired',
    ]);
    expect(conditions(aSituation().reporting(kept).unscheduled())).to.deep.equal([
      'Ready=False ScheduleInvalid',
      'Stalled=True ScheduleInvalid',
      'SourceFailing=True LastKnownGoodServed',
    ]);
  });

  it('and the request that was handled stays said after a restart', () => {
    const told = statusOf(aSituation().with({ handledRefresh: 'now' }), NOON);
    expect(told.lastHandledRefresh).to.equal('now');
    expect(statusOf(aSituation().saying(told), NOON).lastHandledRefresh).to.equal('now');
  });
});
