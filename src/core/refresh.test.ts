// When a token of any life is renewed.

import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { ageOf, chanceOf, isShortLived, renewalOf } from './refresh.ts';

const MINUTE = 60_000;
const renewal = (minutes: number, chance: number): number =>
  (renewalOf({ fetchedAt: 0, expiresAt: minutes * MINUTE }, chance) ?? 0) / MINUTE;

describe('a token is renewed', () => {
  it('between half and three quarters of its life', () => {
    expect([0, 0.5, 1].map(chance => renewal(60, chance))).to.deep.equal([30, 37.5, 45]);
    expect([0, 0.5, 1].map(chance => renewal(720, chance))).to.deep.equal([360, 450, 540]);
  });

  it('never within five minutes of its end, or a tenth of its life', () => {
    expect(renewal(16, 1)).to.equal(11);
    const life = fc.integer({ min: 10 * MINUTE, max: 30_000 * MINUTE });
    fc.assert(
      fc.property(life, fc.double({ min: 0, max: 1, noNaN: true }), (expiresAt, chance) => {
        const at = renewalOf({ fetchedAt: 0, expiresAt }, chance) ?? 0;
        expect(at).to.be.within(expiresAt / 2, Math.min(expiresAt * 0.75, expiresAt - 5 * MINUTE));
        expect(at).to.be.at.most(expiresAt * 0.9);
      }),
    );
  });

  it('at half of its life if that is less than ten minutes', () => {
    expect([0, 1].map(chance => renewal(6, chance))).to.deep.equal([3, 3]);
    expect(renewal(2, 1)).to.equal(1);
  });

  it('a minute after it came at the soonest, also if that is too late, and never when it does not end', () => {
    for (const minutes of [1.5, 1, 0.1, 0, -60]) expect(renewal(minutes, 0)).to.equal(1);
    expect(
      [0.1, 1.99, 2].map(minutes => isShortLived({ fetchedAt: 0, expiresAt: minutes * MINUTE })),
    ).to.deep.equal([true, true, false]);
    expect(renewalOf({ fetchedAt: 0, expiresAt: undefined }, 0)).to.equal(undefined);
  });

  it('at the same moment whoever works it out, and at another one next time', () => {
    expect(chanceOf('key', 1)).to.equal(chanceOf('key', 1));
    const chances = [1, 2, 3, 4].map(at => chanceOf('key', at));
    expect(new Set(chances).size).to.equal(4);
    for (const chance of chances) expect(chance).to.be.within(0, 0.999999999999);
  });
});

it('a token is about to end when a quarter of its life is left, and has ended at its end', () => {
  const life = { fetchedAt: 1_000, expiresAt: 5_000 };
  expect([3_999, 4_000, 4_999, 5_000].map(now => ageOf(life, now))).to.deep.equal([
    'living',
    'expiring',
    'expiring',
    'expired',
  ]);
  expect(ageOf({ fetchedAt: 1_000, expiresAt: undefined }, 1e15)).to.equal('living');
});
