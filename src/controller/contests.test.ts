// The bound on fights: what is put right at once, what has to wait, and when it is over.

import { expect } from 'chai';
import type { Change, PatchServiceAccount } from '../core/change.ts';
import { NO_CHANGES } from '../core/plan.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { Contests, permitted } from './contests.ts';

const attach = (name = 'app', own = ['regcred']): PatchServiceAccount => ({
  kind: 'PatchServiceAccount',
  namespace: 'apps',
  name,
  resourceVersion: '1',
  pullSecrets: own,
  ownPullSecrets: own,
  detached: [],
  owners: [],
});
const deletion: Change = {
  kind: 'DeleteSecret',
  namespace: 'apps',
  name: 'regcred',
  uid: 'u',
  resourceVersion: '1',
};

describe('a contest', () => {
  let clock: FakeClock;
  let contests: Contests;

  beforeEach(() => {
    clock = new FakeClock();
    contests = new Contests(clock);
  });

  const writes = (times: number, change: Change = attach()): void => {
    for (let time = 0; time < times; time++) contests.note(change);
  };
  const contested = (): string[] => contests.in('apps').map(({ change }) => change.name);

  it('is none while there are eight repairs, however fast they come', () => {
    writes(8);
    expect([contests.wait(attach()), contested()]).to.deep.equal([0, []]);
  });

  it('allows one more repair every thirty seconds after that', async () => {
    writes(9);
    expect(contests.wait(attach())).to.equal(30_000);
    await clock.advance(10_000);
    expect([contests.wait(attach()), contested()]).to.deep.equal([20_000, ['app']]);
    await clock.advance(20_000);
    expect(contests.wait(attach())).to.equal(0);
    contests.note(attach());
    expect([contests.wait(attach()), contested()]).to.deep.equal([30_000, ['app']]);
  });

  it('is over after thirty calm seconds', async () => {
    writes(9);
    contests.wait(attach());
    await clock.advance(29_999);
    expect(contested()).to.deep.equal(['app']);
    expect(contests.in('apps')).to.deep.equal([
      { key: 'serviceaccount apps/app', change: attach(), calmIn: 1 },
    ]);
    await clock.advance(1);
    expect(contested()).to.deep.equal([]);
  });

  it('is over at once when something else is wanted of the object', () => {
    writes(9);
    contests.wait(attach());
    const detach = attach('app', []);
    expect(contests.wait(detach)).to.equal(0);
    contests.note(detach);
    expect([contests.wait(attach()), contested()]).to.deep.equal([0, []]);
  });

  it('is never declared against someone who changes it every forty seconds', async () => {
    for (let turn = 0; turn < 100; turn++) {
      expect(contests.wait(attach())).to.equal(0);
      contests.note(attach());
      await clock.advance(40_000);
    }
  });

  it('does not start anew while it goes on', async () => {
    writes(9);
    for (let turn = 0; turn < 20; turn++) {
      await clock.advance(contests.wait(attach()));
      expect(contests.wait(attach())).to.equal(0);
      contests.note(attach());
      expect(contests.wait(attach())).to.be.greaterThan(29_000);
    }
  });

  it('concerns one object, and not its successor', () => {
    writes(9);
    expect([contests.wait(attach()), contests.wait(attach('other')), contests.wait(deletion)]).to.deep.equal([
      30_000, 0, 0,
    ]);
    contests.forget('serviceaccount', attach());
    expect([contests.wait(attach()), contested()]).to.deep.equal([0, []]);
  });

  it('remembers no more than ten thousand objects', () => {
    writes(9);
    for (let index = 0; index < 10_000; index++) contests.note(attach(`a${index}`));
    expect(contests.wait(attach())).to.equal(0);
  });

  it('postpones a plan in part', () => {
    const plan = { ...NO_CHANGES, changes: [attach(), attach('other')], afterReferences: [deletion] };
    expect(permitted(plan, contests)).to.deep.equal({ now: plan, postponed: [], wait: undefined });
    writes(9);
    const now = { ...plan, changes: [attach('other')] };
    expect(permitted(plan, contests)).to.deep.equal({ now, postponed: [attach()], wait: 30_000 });
  });

  it('postpones a Secret with the reference to it', () => {
    const detach = { ...attach('app', []), detached: ['regcred'] };
    const plan = { ...NO_CHANGES, changes: [detach], afterReferences: [deletion] };
    writes(9, detach);
    const now = { ...plan, changes: [], afterReferences: [] };
    expect(permitted(plan, contests)).to.deep.equal({ now, postponed: [detach], wait: 30_000 });
  });
});
