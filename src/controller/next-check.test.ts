// How long a login waits until it is tried again.

import { expect } from 'chai';
import { inconclusive } from '../registry/verdict.ts';
import { untilNextCheck } from './next-check.ts';

const HOUR = 3_600_000;

describe('the next check of a login', () => {
  it('waits as long as the registry asks, and an hour at most, whatever it asks', () => {
    const wait = (retryAfter: number) =>
      untilNextCheck(inconclusive('RateLimited', 'busy', retryAfter), 1, () => 0.5);
    expect([wait(HOUR / 2), wait(278 * HOUR)]).to.deep.equal([HOUR / 2, HOUR]);
  });
});
