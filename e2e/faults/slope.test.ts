// The line through what was measured.

import { expect } from 'chai';
import { slopeOf } from './slope.ts';

const samples = (...values: number[]) => values.map((value, minutes) => ({ minutes, value }));

describe('the slope', () => {
  it('is what is added in each minute', () => {
    expect(slopeOf(samples(5, 7, 9, 11))).to.be.closeTo(2, 1e-9);
  });

  it('is nothing of what goes up and comes down again', () => {
    expect(slopeOf(samples(5, 9, 9, 5))).to.be.closeTo(0, 1e-9);
  });
});
