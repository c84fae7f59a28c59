// What metrics are told of a key: how long it waited for its turn, and how long it then took.

import { expect } from 'chai';
import { FakeClock } from '../testing/fake-clock.ts';
import { NO_QUEUE_METRICS } from '../testing/no-metrics.ts';
import { WorkQueue } from './work-queue.ts';

describe('a queue that tells times', () => {
  let clock: FakeClock;
  let told: string[];
  let queue: WorkQueue;

  beforeEach(() => {
    clock = new FakeClock();
    told = [];
    const metrics = {
      ...NO_QUEUE_METRICS,
      started: (waited: number) => void told.push(`waited ${waited}`),
      finished: (took: number) => void told.push(`took ${took}`),
    };
    const backoff = { first: 100, most: 1_000 };
    const handle = () => new Promise<void>(resolve => void clock.setTimeout(resolve, 2_000));
    queue = new WorkQueue({ clock, random: () => 0.5, backoff, workers: 1, metrics, handle });
  });

  it('counts from when a key was added until its turn, and from then until it is done', async () => {
    queue.start();
    queue.add('a');
    queue.add('b');
    await clock.advance(5_000);
    expect(told).to.deep.equal(['waited 0', 'took 2', 'waited 2', 'took 2']);
  });

  it('counts from when a key was first added, also when it has become urgent since', async () => {
    queue.add('a');
    await clock.advance(1_000);
    queue.add('a', 'urgent');
    await clock.advance(1_000);
    queue.start();
    await clock.advance(0);
    expect(told).to.deep.equal(['waited 2']);
  });

  it('says of keys under way how long they have taken by now', async () => {
    queue.start();
    queue.add('a');
    await clock.advance(1_500);
    expect(queue.underWay()).to.deep.equal([1.5]);
    await clock.advance(1_000);
    expect(queue.underWay()).to.deep.equal([]);
  });
});
