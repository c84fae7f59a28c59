// The queue of keys: what is handled when, how often, and how long after a failure.

import { expect } from 'chai';
import type { Priority } from '../kube/limiter.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { NO_QUEUE_METRICS } from '../testing/no-metrics.ts';
import { WorkQueue } from './work-queue.ts';

/** A queue whose handling ends when the test says so. */
function aQueue({ workers = 1, urgentWorkers = 0, random = (): number => 1 } = {}) {
  const clock = new FakeClock(0);
  const handled: string[] = [];
  const open: (() => void)[] = [];
  let isHeld = false;
  const told: string[] = [];
  let added = 0;
  const handle = async (key: string, priority: Priority): Promise<void> => {
    handled.push(key);
    told.push(`${priority} ${key}`);
    if (isHeld) await new Promise<void>(resolve => open.push(resolve));
  };
  const backoff = { first: 100, most: 1_000 };
  const metrics = { ...NO_QUEUE_METRICS, added: () => void added++ };
  const queue = new WorkQueue({ clock, random, backoff, workers, urgentWorkers, metrics, handle });
  return {
    clock,
    handled,
    /** Keys as they were handled, with their priority. */
    told,
    /** As metrics count it. */
    added: () => added,
    queue,
    hold: () => {
      isHeld = true;
    },
    release: async () => {
      isHeld = false;
      for (const end of open.splice(0)) end();
      await settle();
    },
  };
}

describe('the queue', () => {
  it('handles a key that is added ten times once', async () => {
    const { queue, handled } = aQueue();
    for (let n = 0; n < 10; n += 1) queue.add('a');
    expect(queue.depth).to.equal(1);
    queue.start();
    await settle();
    expect(handled).to.deep.equal(['a']);
  });

  it('handles nothing before it is started', async () => {
    const { queue, handled } = aQueue();
    queue.add('a', 'urgent');
    await settle();
    expect(handled).to.deep.equal([]);
  });

  it('handles what is urgent before the bulk, each in the order of adding, and says which it is', async () => {
    const { queue, told } = aQueue();
    for (const key of ['a', 'b']) queue.add(key);
    for (const key of ['c', 'd']) queue.add(key, 'urgent');
    queue.start();
    await settle();
    expect(told).to.deep.equal(['urgent c', 'urgent d', 'bulk a', 'bulk b']);
  });

  it('promotes a key of the bulk that becomes urgent, and does not demote one', async () => {
    const { queue, handled } = aQueue();
    for (const key of ['a', 'b', 'c']) queue.add(key);
    queue.add('c', 'urgent');
    queue.add('c', 'bulk');
    expect(queue.depth).to.equal(3);
    queue.start();
    await settle();
    expect(handled).to.deep.equal(['c', 'a', 'b']);
  });

  it('handles a key that was added while it was handled once more, and never twice at the same time', async () => {
    const { queue, handled, hold, release } = aQueue({ workers: 3 });
    hold();
    queue.start();
    queue.add('a');
    for (let n = 0; n < 3; n += 1) queue.add('a');
    await settle();
    expect(handled).to.deep.equal(['a']);
    await release();
    expect(handled).to.deep.equal(['a', 'a']);
  });

  it('keeps the urgency of what was added while it was handled', async () => {
    const { queue, handled, hold, release } = aQueue();
    hold();
    queue.start();
    queue.add('a');
    queue.add('b');
    queue.add('a', 'urgent');
    queue.add('a', 'bulk');
    await release();
    expect(handled).to.deep.equal(['a', 'a', 'b']);
  });

  it('handles as many keys at the same time as it has workers', async () => {
    const { queue, handled, hold, release } = aQueue({ workers: 2 });
    hold();
    queue.start();
    for (const key of ['a', 'b', 'c']) queue.add(key);
    await settle();
    expect(handled).to.deep.equal(['a', 'b']);
    await release();
    expect(handled).to.deep.equal(['a', 'b', 'c']);
  });

  it('has workers for urgent keys alone, so that none of them waits for the bulk', async () => {
    const { queue, handled, hold } = aQueue({ workers: 2, urgentWorkers: 1 });
    hold();
    queue.start();
    for (const key of ['a', 'b', 'c']) queue.add(key);
    for (const key of ['u', 'v']) queue.add(key, 'urgent');
    await settle();
    expect(handled).to.deep.equal(['a', 'b', 'u']);
  });

  it('comes to the bulk in any storm of urgent keys: after 32 of them', async () => {
    const { queue, handled } = aQueue();
    queue.add('bulk');
    for (let n = 0; n < 40; n += 1) queue.add(`u${n}`, 'urgent');
    queue.start();
    await settle();
    expect(handled.indexOf('bulk')).to.equal(32);
    expect(handled).to.have.length(41);
  });

  it('counts a key that is added ten times, or promoted, once', () => {
    const { queue, added } = aQueue();
    for (let n = 0; n < 10; n += 1) queue.add('a');
    queue.add('a', 'urgent');
    queue.add('a');
    expect(added()).to.equal(1);
  });
});

describe('the queue, later,', () => {
  it('adds a key when its time has come', async () => {
    const { queue, clock, handled } = aQueue();
    queue.start();
    queue.addAfter('a', 50);
    await clock.advance(49);
    expect(handled).to.deep.equal([]);
    await clock.advance(1);
    expect(handled).to.deep.equal(['a']);
  });

  it('adds it once, at the sooner of two times', async () => {
    for (const [first, second] of [
      [50, 20],
      [20, 50],
    ] as const) {
      const { queue, clock, handled } = aQueue();
      queue.start();
      queue.addAfter('a', first);
      queue.addAfter('a', second);
      await clock.advance(20);
      expect(handled).to.deep.equal(['a']);
      await clock.advance(100);
      expect(handled).to.deep.equal(['a']);
    }
  });

  it('doubles the delay of a retry up to the longest, until the key is forgotten', async () => {
    const { queue, clock } = aQueue();
    queue.start();
    const delay = async (): Promise<number> => {
      const began = clock.now();
      queue.addRateLimited('a');
      const at = clock.next ?? 0;
      await clock.runAll();
      return at - began;
    };
    const delays: number[] = [];
    for (let n = 0; n < 6; n += 1) delays.push(await delay());
    expect(delays).to.deep.equal([100, 200, 400, 800, 1_000, 1_000]);
    expect(queue.retries('a')).to.equal(6);
    queue.forget('a');
    expect([queue.retries('a'), await delay()]).to.deep.equal([0, 100]);
  });

  it('takes up to a quarter off a delay, so that keys which failed together come apart', () => {
    const { queue, clock } = aQueue({ random: () => 0 });
    queue.addRateLimited('a');
    expect(clock.next).to.equal(75);
  });

  it('retries an urgent key before the bulk', async () => {
    const { queue, clock, handled, hold, release } = aQueue();
    hold();
    queue.start();
    for (const key of ['a', 'b', 'c']) queue.add(key);
    queue.addRateLimited('u', 'urgent');
    queue.addRateLimited('v');
    await clock.advance(100);
    await release();
    expect(handled).to.deep.equal(['a', 'u', 'b', 'c', 'v']);
  });

  it('never overflows, however often a key fails', () => {
    const { queue, clock } = aQueue();
    for (let n = 0; n < 2_000; n += 1) queue.addRateLimited('a');
    expect(clock.next).to.equal(100);
    expect(clock.pending).to.equal(1);
  });
});

describe('the queue, once stopped,', () => {
  it('waits for what is being handled, and handles nothing more', async () => {
    const { queue, clock, handled, hold, release } = aQueue();
    hold();
    queue.start();
    for (const key of ['a', 'b']) queue.add(key);
    queue.add('a');
    queue.addAfter('c', 10);
    let isStopped = false;
    const stopped = queue.stop().then(() => {
      isStopped = true;
    });
    await clock.advance(100);
    expect(isStopped).to.equal(false);
    await release();
    await stopped;
    queue.add('d');
    queue.addAfter('e', 1);
    await clock.advance(100);
    expect(handled).to.deep.equal(['a']);
    expect([queue.depth, clock.pending]).to.deep.equal([0, 0]);
  });

  it('has nothing to wait for when nothing is handled', async () => {
    const { queue } = aQueue();
    queue.add('a');
    await queue.stop();
    expect(queue.depth).to.equal(0);
  });
});
