// The delays are what stands between an API server in trouble and all operators at once.

import { expect } from 'chai';
import { backoffDelay } from './backoff.ts';

const range = { first: 200, longest: 30_000 };

describe('backoff', () => {
  const cases = [
    { failures: 1, random: 0, delay: 100 },
    { failures: 1, random: 1, delay: 200 },
    { failures: 4, random: 1, delay: 1600 },
    { failures: 9, random: 1, delay: 30_000 },
    { failures: 5000, random: 0.5, delay: 22_500 },
  ];
  for (const { failures, random, delay } of cases) {
    it(`waits ${delay} ms after failure ${failures} when chance says ${random}`, () => {
      expect(backoffDelay(failures, range, () => random)).to.equal(delay);
    });
  }
});
