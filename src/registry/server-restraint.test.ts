import { expect } from 'chai';
import {
  afterVerdict,
  NO_RESTRAINT,
  type Restraint,
  waitBeforeAsking,
  wasRejected,
  whenAsked,
} from './server-restraint.ts';
import { inconclusive, type Verdict } from './verdict.ts';

const MINUTE = 60_000;
const rejected: Verdict = { outcome: 'rejected', reason: 'LoginRejected', message: '' };
const verified: Verdict = { outcome: 'verified', reason: 'LoginAccepted', message: '' };
const denied: Verdict = { outcome: 'denied', reason: 'PullDenied', message: '' };

/** The wait of the same user right after each of these, all at time 0, of user `a` unless it says more. */
function waits(verdicts: readonly (Verdict | [Verdict, string])[]): number[] {
  let restraint: Restraint = NO_RESTRAINT;
  return verdicts.map(each => {
    const [verdict, user] = Array.isArray(each) ? each : ([each, 'a'] as const);
    restraint = afterVerdict(restraint, verdict, user, 0);
    return waitBeforeAsking(restraint, user, 0) / MINUTE;
  });
}

describe('the restraint towards a registry', () => {
  it('begins with the third rejection and doubles up to an hour', () => {
    expect(waits(Array(8).fill(rejected))).to.deep.equal([0, 0, 10, 20, 40, 60, 60, 60]);
  });

  it('is for the user whose logins are rejected, and for no other', () => {
    const restraint = [1, 2, 3].reduce(one => afterVerdict(one, rejected, 'a', 0), NO_RESTRAINT);
    const waiting = ['a', 'b'].map(user => waitBeforeAsking(restraint, user, 0) / MINUTE);
    expect(waiting).to.deep.equal([10, 0]);
    expect(['a', 'b'].map(user => wasRejected(restraint, user, 0))).to.deep.equal([true, false]);
  });

  it('is for all users after five rejections in ten minutes, for it may lock our address', () => {
    const each = (minutes: number) =>
      ['a', 'b', 'c', 'd', 'e'].reduce(
        ({ restraint, now }, user) => ({
          restraint: afterVerdict(restraint, rejected, user, now),
          now: now + minutes * MINUTE,
        }),
        { restraint: NO_RESTRAINT, now: 0 },
      );
    const wait = ({ restraint, now }: ReturnType<typeof each>): number =>
      waitBeforeAsking(restraint, 'f', now) / MINUTE;
    expect([wait(each(0)), wait(each(2)), wait(each(3))]).to.deep.equal([10, 8, 0]);
  });

  it('forgets whom it rejected some hours ago, and with him how often', () => {
    const DAYS = 24 * 60 * MINUTE;
    let restraint = NO_RESTRAINT;
    const holds: number[] = [];
    for (let user = 0; user < 6; user++) {
      const now = user * 15 * DAYS;
      restraint = afterVerdict(restraint, rejected, `user${user}`, now);
      holds.push(waitBeforeAsking(restraint, `user${user}`, now));
    }
    expect(holds).to.deep.equal([0, 0, 0, 0, 0, 0]);
    expect([...restraint.rejections.keys()]).to.deep.equal(['user5']);
    const slips = [0, 1, 2, 3].reduce(
      (one, day) => afterVerdict(one, rejected, 'a', day * DAYS),
      NO_RESTRAINT,
    );
    expect(waitBeforeAsking(slips, 'a', 3 * DAYS)).to.equal(0);
    expect([5, 6].map(hours => wasRejected(slips, 'a', 3 * DAYS + hours * 60 * MINUTE))).to.deep.equal([
      true,
      false,
    ]);
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
    expect([
      waitBeforeAsking(held, 'b', 1000 + MINUTE - 1),
      waitBeforeAsking(held, 'b', 1000 + MINUTE),
    ]).to.deep.equal([1, 0]);
  });

  it('lets through ten checks in any minute', () => {
    let restraint = NO_RESTRAINT;
    const at: number[] = [];
    for (let now = 0; now < 3 * MINUTE; now += 1000) {
      if (waitBeforeAsking(restraint, 'a', now) > 0) continue;
      restraint = whenAsked(restraint, now);
      at.push(now / 1000);
    }
    expect(at.slice(0, 12)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 60, 61]);
    expect(at).to.have.length(30);
    expect(restraint.asked).to.have.length(10);
    expect(waitBeforeAsking(restraint, 'b', 130_000)).to.equal(50_000);
  });
});
