// Series that are plain numbers: Prometheus must read them as it reads those of prom-client.

import { expect } from 'chai';
import { Counter, Histogram, Registry } from 'prom-client';
import { countersOf, histogramsOf } from './series.ts';

const BUCKETS = [0.1, 1, 10];
const VALUES = [0, 0.1, 0.100001, 1, 9, 10, 11, 1e9];

describe('counters and histograms of plain numbers', () => {
  it('read like those of prom-client', async () => {
    const [theirs, ours] = [new Registry(), new Registry()];
    const labelNames = ['name', 'code'];
    const counter = new Counter({ name: 'c_total', help: 'C.', labelNames, registers: [theirs] });
    const histogram = new Histogram({
      ...{ name: 'h_seconds', help: 'H.', labelNames, buckets: BUCKETS },
      registers: [theirs],
    });
    const counters = countersOf(ours, { name: 'c_total', help: 'C.', labelNames });
    const histograms = histogramsOf(ours, { name: 'h_seconds', help: 'H.', labelNames }, BUCKETS);
    for (const [name, code] of [
      ['a', '200'],
      ['a', '404'],
      ['with "quotes"\\\n', '<error>'],
    ] as const)
      for (const value of VALUES) {
        counter.labels(name, code).inc(value);
        counters(name, code).value += value;
        histogram.labels(name, code).observe(value);
        histograms(name, code).observe(value);
      }
    expect(lines(await ours.metrics())).to.deep.equal(lines(await theirs.metrics()));
  });

  it('are there from zero on, once somebody counts', async () => {
    const register = new Registry();
    const counters = countersOf(register, { name: 'c_total', help: 'C.', labelNames: ['code'] });
    expect(await register.metrics())
      .to.include('# TYPE c_total counter')
      .and.not.include('c_total{');
    counters('200');
    expect(await register.metrics()).to.include('c_total{code="200"} 0');
  });
});

/** The order of labels means nothing. */
const lines = (text: string): string[] =>
  text.split('\n').map(line => {
    const [, name = '', labels = '', value = ''] = /^(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
    return name === ''
      ? line
      : `${name} ${labels
          .split(/,(?=\w+=)/)
          .sort()
          .join()} ${value}`;
  });
