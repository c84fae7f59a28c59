// Thousands of keys for which nothing is to be done: others get their turn in between.

import { expect } from 'chai';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { WorkQueue } from './work-queue.ts';

describe('a queue of thousands of keys that need no wait', () => {
  let clock: FakeClock;
  let handled: string[];
  let queue: WorkQueue;

  beforeEach(async () => {
    clock = new FakeClock(0);
    handled = [];
    queue = new WorkQueue({
      clock,
      random: () => 1,
      backoff: { first: 100, most: 1_000 },
      workers: 32,
      urgentWorkers: 8,
      handle: async key => void handled.push(key),
    });
    for (let key = 0; key < 1_000; key++) queue.add(String(key), key % 2 === 0 ? 'bulk' : 'urgent');
    queue.start();
    await settle();
  });

  it('lets everybody else have a turn, and handles them all', async () => {
    expect(handled).to.have.length.within(1, 200);
    await clock.advance(0);
    expect(new Set(handled).size).to.equal(1_000);
    expect(clock.pending).to.equal(0);
  });

  it('does not go on after a rest once it was stopped', async () => {
    const before = handled.length;
    await queue.stop();
    await clock.advance(1_000);
    expect([handled.length, clock.pending]).to.deep.equal([before, 0]);
  });

  it('has it sooner where each key takes long', async () => {
    let time = 0;
    const slow: string[] = [];
    const queueOfSlow = new WorkQueue({
      clock: {
        ...clock,
        now: () => time,
        monotonic: () => time,
        setTimeout: (...timer) => clock.setTimeout(...timer),
      },
      random: () => 1,
      backoff: { first: 100, most: 1_000 },
      workers: 32,
      handle: async key => {
        time += 3;
        slow.push(key);
      },
    });
    for (let key = 0; key < 10; key++) queueOfSlow.add(String(key));
    queueOfSlow.start();
    await settle();
    expect(slow).to.have.length(4);
    await clock.advance(0);
    expect(slow).to.have.length(10);
  });
});
