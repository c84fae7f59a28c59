import { expect } from 'chai';
import { inWords, quantile } from './latencies.ts';

describe('latencies', () => {
  it('have the value at each part that as many do not exceed', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0, 0.5, 0.99, 1].map(part => quantile(values, part))).to.deep.equal([1, 50, 99, 100]);
    expect(quantile([7], 0.99)).to.equal(7);
  });

  it('are told in whole milliseconds', () => {
    expect(inWords([1.2, 3.4, 2.6])).to.equal('p50 3 ms, p99 3 ms, longest 3 ms of 3');
  });
});
