// How long a login waits until it is tried again.

import { expect } from 'chai';
import { inconclusive } from '../registry/verdict.ts';
import { untilNextCheck } from './next-check.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('the next check of a login', () => {
  it('waits as long as the registry asks, and an hour at most, whatever it asks', () => {
    const wait = (retryAfter: number) =>
      untilNextCheck(inconclusive('RateLimited', 'busy', retryAfter), 1, () => 0.5);
    expect([wait(HOUR / 2), wait(278 * HOUR)]).to.deep.equal([HOUR / 2, HOUR]);
  });

  it('comes soon where what is known was not confirmed', () => {
    const unconfirmed = inconclusive('Unreachable', 'away');
    const good = { outcome: 'verified', reason: 'LoginAccepted', message: 'good' } as const;
    const waits = [1, 2, 3].map(attempts => untilNextCheck({ ...good, unconfirmed }, attempts, () => 0.5));
    expect(waits).to.deep.equal([MINUTE, 2 * MINUTE, 4 * MINUTE]);
  });

  it('of a rejected login comes after those that are new, when the registry is no longer left alone', () => {
    const unconfirmed = inconclusive('HeldBack', 'asked enough', 10 * MINUTE);
    const bad = { outcome: 'rejected', reason: 'LoginRejected', message: 'bad' } as const;
    expect(untilNextCheck(unconfirmed, 1, () => 0.5)).to.equal(10 * MINUTE);
    expect(untilNextCheck({ ...bad, unconfirmed }, 1, () => 0.5)).to.equal(11 * MINUTE);
  });
});
