import { expect } from 'chai';
import {
  afterVerdict,
  NO_RESTRAINT,
  type Restraint,
  waitBeforeAsking,
  whenAsked,
} from './server-restraint.ts';
import { inconclusive, type Verdict } from './verdict.ts';

const MINUTE = 60_000;
const rejected: Verdict = { outcome: 'rejected', reason: 'LoginRejected', message: '' };
const verified: Verdict = { outcome: 'verified', reason: 'LoginAccepted', message: '' };
const denied: Verdict = { outcome: 'denied', reason: 'PullDenied', message: '' };

/** The wait right after each of these, asked one after the other, all at time 0, of user `a` unless it says more. */
function waits(verdicts: readonly (Verdict | [Verdict, string])[]): number[] {
  let restraint: Restraint = NO_RESTRAINT;
  return verdicts.map(each => {
    const [verdict, user] = Array.isArray(each) ? each : ([each, 'a'] as const);
    restraint = afterVerdict(restraint, verdict, user, 0);
    return waitBeforeAsking(restraint, 0) / MINUTE;
  });
}

describe('the restraint towards a registry', () => {
  it('begins with the third rejection and doubles up to an hour', () => {
    expect(waits(Array(8).fill(rejected))).to.deep.equal([0, 0, 10, 20, 40, 60, 60, 60]);
  });

  it('counts the rejections of all users, for it may lock our address', () => {
    expect(
      waits([
        [rejected, 'a'],
        [rejected, 'b'],
        [rejected, 'c'],
      ]),
    ).to.deep.equal([0, 0, 10]);
  });

  it('forgets those of a user whose login is good, and of no other', () => {
    expect(waits([rejected, rejected, verified, rejected, rejected])).to.deep.equal([0, 0, 0, 0, 0]);
    expect(waits([rejected, rejected, denied, rejected])).to.deep.equal([0, 0, 0, 0]);
    expect(waits([rejected, rejected, [verified, 'b'], rejected])).to.deep.equal([0, 0, 0, 10]);
  });

  it('is not for a registry that is away', () => {
    expect(waits(Array(20).fill(inconclusive('Unreachable', '')))).to.deep.equal(Array(20).fill(0));
  });

  it('is as long as a registry asks that is asked too often, from a minute to an hour', () => {
    const limited = (seconds?: number) => inconclusive('RateLimited', '', seconds && seconds * 1000);
    for (const [seconds, minutes] of [
      [undefined, 1],
      [5, 1],
      [300, 5],
      [1e6, 60],
    ] as const)
      expect(waits([limited(seconds)])).to.deep.equal([minutes]);
  });

  it('is never shortened by a later answer', () => {
    expect(waits([inconclusive('RateLimited', '', 30 * MINUTE), verified, rejected])).to.deep.equal([
      30, 30, 30,
    ]);
  });

  it('is over when its time is', () => {
    const held = afterVerdict(NO_RESTRAINT, inconclusive('RateLimited', '', MINUTE), 'a', 1000);
    expect([waitBeforeAsking(held, 1000 + MINUTE - 1), waitBeforeAsking(held, 1000 + MINUTE)]).to.deep.equal([
      1, 0,
    ]);
  });

  it('lets through ten checks in any minute', () => {
    let restraint = NO_RESTRAINT;
    const at: number[] = [];
    for (let now = 0; now < 3 * MINUTE; now += 1000) {
      if (waitBeforeAsking(restraint, now) > 0) continue;
      restraint = whenAsked(restraint, now);
      at.push(now / 1000);
    }
    expect(at.slice(0, 12)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 60, 61]);
    expect(at).to.have.length(30);
    expect(restraint.asked).to.have.length(10);
    expect(waitBeforeAsking(restraint, 130_000)).to.equal(50_000);
  });
});
