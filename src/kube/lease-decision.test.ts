// When a Lease may be taken, by what was seen and for how long.

import { expect } from 'chai';
import { type Observation, observe, untilFree } from './lease-decision.ts';
import { givenBack, type Lease, type LeaseSpec, takenBy } from './lease-record.ts';

const held: LeaseSpec = {
  holderIdentity: 'b',
  leaseDurationSeconds: 15,
  renewTime: 'x',
  leaseTransitions: 3,
};
const leaseOf = (spec?: LeaseSpec): Lease => ({
  metadata: { name: 'regcred', uid: 'u', resourceVersion: '1' },
  ...(spec === undefined ? {} : { spec }),
});

describe('the time until a Lease is free', () => {
  const cases: Readonly<Record<string, [Observation | undefined, number, number]>> = {
    'is over when there never was a Lease': [undefined, 0, 0],
    'is over when nobody holds it': [{ spec: {}, since: 100 }, 100, 0],
    'is over when it was given back': [{ spec: { ...held, holderIdentity: '' }, since: 100 }, 100, 0],
    'is over for the holder itself': [{ spec: { ...held, holderIdentity: 'a' }, since: 100 }, 100, 0],
    'is the whole duration when the record is new': [{ spec: held, since: 100 }, 100, 15_000],
    'is what is left of the duration': [{ spec: held, since: 100 }, 10_000, 5_100],
    'is not over a moment before its end': [{ spec: held, since: 100 }, 15_099.9, 1],
    'is over at its end': [{ spec: held, since: 100 }, 15_100, 0],
    'goes by the duration that the holder wrote': [
      { spec: { ...held, leaseDurationSeconds: 60 }, since: 0 },
      1,
      59_999,
    ],
    'is no shorter than ours, for a holder that was taken out by hand may not know': [
      { spec: { ...held, leaseDurationSeconds: 1 }, since: 0 },
      0,
      15_000,
    ],
    'has an end, whatever somebody wrote': [
      { spec: { ...held, leaseDurationSeconds: 2_000_000_000 }, since: 0 },
      0,
      60_000,
    ],
    'is ours where the holder wrote none': [{ spec: { holderIdentity: 'b' }, since: 0 }, 0, 15_000],
  };
  for (const [name, [observed, now, expected]] of Object.entries(cases)) {
    it(name, () => expect(untilFree(observed, 'a', now)).to.equal(expected));
  }
});

describe('what is seen of a Lease', () => {
  const before: Observation = { spec: held, since: 100 };

  it('counts from the first look at a record', () => {
    expect(observe(undefined, leaseOf(held), 500)).to.deep.equal({ spec: held, since: 500 });
  });

  it('counts on while the record is the same', () => {
    expect(observe(before, leaseOf({ ...held }), 500)).to.equal(before);
  });

  it('counts anew when anything in the record is different', () => {
    const renewed = { ...held, renewTime: 'y' };
    expect(observe(before, leaseOf(renewed), 500)).to.deep.equal({ spec: renewed, since: 500 });
  });

  it('counts on when the Lease is deleted', () => {
    expect(observe(before, undefined, 500)).to.equal(before);
  });

  it('counts on when the Lease is emptied, for its holder may not have noticed', () => {
    expect(observe(before, leaseOf(), 500)).to.equal(before);
    expect(observe(before, leaseOf({ ...held, holderIdentity: '' }), 500)).to.equal(before);
  });

  it('counts anew when it is given back', () => {
    const spec = givenBack(held, 0);
    expect(observe(before, leaseOf(spec), 500)).to.deep.equal({ spec, since: 500 });
  });

  it('takes a Lease without spec for one that nobody holds when it never saw another', () => {
    expect(observe(undefined, leaseOf(), 500)).to.deep.equal({ spec: {}, since: 500 });
  });
});

describe('the record of a Lease', () => {
  const now = Date.UTC(2026, 0, 1, 12, 30, 0, 7);
  const time = '2026-01-01T12:30:00.007000Z';

  it('counts a change of holder, and keeps what is not ours to set', () => {
    expect(takenBy('a', { ...held, strategy: 'x' } as LeaseSpec, now)).to.deep.equal({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: time,
      renewTime: time,
      leaseTransitions: 4,
      strategy: 'x',
    });
  });

  it('counts no further than the API server can', () => {
    const most = 2 ** 31 - 1;
    expect(takenBy('a', { ...held, leaseTransitions: most }, now).leaseTransitions).to.equal(most);
  });

  it('changes nothing but the time when it is renewed', () => {
    const first = takenBy('a', undefined, 0);
    expect(takenBy('a', first, now)).to.deep.equal({ ...first, renewTime: time });
  });

  it('names no holder and the shortest duration when it is given back', () => {
    expect(givenBack(held, now)).to.deep.equal({
      ...held,
      holderIdentity: '',
      leaseDurationSeconds: 1,
      acquireTime: time,
      renewTime: time,
    });
  });
});
