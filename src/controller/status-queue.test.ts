// When status is written: soon, together, and not more than once a second.

import { expect } from 'chai';
import { ApiError } from '../kube/errors.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { NO_QUEUE_METRICS } from '../testing/no-metrics.ts';
import { StatusQueue, type Written } from './status-queue.ts';

function aStatusQueue(
  write: (credential: string, now: number, since: number) => Promise<Written> = async () => 'written',
) {
  const clock = new FakeClock(0);
  const written: string[] = [];
  const errors: unknown[] = [];
  const queue = new StatusQueue({
    clock,
    random: () => 1,
    metrics: NO_QUEUE_METRICS,
    write: (credential, since) => {
      written.push(`${credential}@${clock.now()}`);
      return write(credential, clock.now(), since);
    },
    onError: (_, error) => errors.push(error),
  });
  queue.start();
  return { clock, written, errors, queue };
}

describe('status', () => {
  it('is written a moment after the first of several changes, once', async () => {
    const { clock, written, queue } = aStatusQueue();
    queue.touch('a');
    await clock.advance(100);
    queue.touch('a');
    await clock.advance(2_000);
    expect(written).to.deep.equal(['a@150']);
  });

  it('is written at most once a second, and never forgotten', async () => {
    const { clock, written, queue } = aStatusQueue();
    for (let n = 0; n < 20; n += 1) {
      queue.touch('a');
      await clock.advance(100);
    }
    await clock.advance(2_000);
    expect(written).to.deep.equal(['a@150', 'a@1150', 'a@2150']);
  });

  it('waits a second also when it changed while it was written', async () => {
    let end = (_: Written): void => undefined;
    const { clock, written, queue } = aStatusQueue(() => new Promise(resolve => (end = resolve)));
    queue.touch('a');
    await clock.advance(150);
    queue.touch('a');
    await clock.advance(350);
    end('written');
    await clock.advance(900);
    expect(written).to.deep.equal(['a@150']);
    await clock.advance(200);
    expect(written).to.deep.equal(['a@150', 'a@1500']);
  });

  it('is left alone for as long as the API server asks, though it changes meanwhile', async () => {
    let isRefused = true;
    const { clock, written, queue } = aStatusQueue(async () => {
      if (isRefused) throw new ApiError(429, 'TooManyRequests', 'slow down', [], 12_000);
      return 'written';
    });
    queue.touch('a');
    await clock.advance(150);
    isRefused = false;
    queue.touch('a');
    await clock.advance(20_000);
    expect(written).to.deep.equal(['a@150', 'a@12150']);
  });

  it('does not wait when there was nothing to write', async () => {
    const { clock, written, queue } = aStatusQueue(async () => 'unchanged');
    queue.touch('a');
    await clock.advance(150);
    queue.touch('a');
    await clock.advance(150);
    expect(written).to.deep.equal(['a@150', 'a@300']);
  });

  it('that can wait is looked at again in a second, and is told how long it was not written', async () => {
    const asked: number[] = [];
    const { clock, written, queue } = aStatusQueue(async (_credential, _now, since) => {
      asked.push(since);
      return since < 2_500 ? 'postponed' : 'written';
    });
    queue.touch('a');
    await clock.advance(200);
    queue.touch('a');
    await clock.advance(10_000);
    expect(written).to.deep.equal(['a@150', 'a@1150', 'a@2150', 'a@3150']);
    expect(asked).to.deep.equal([Infinity, 1_000, 2_000, 3_000]);
  });

  it('that can wait is not looked at more often because it changes', async () => {
    const { clock, written, queue } = aStatusQueue(async () => 'postponed');
    for (let n = 0; n < 20; n += 1) {
      queue.touch('a');
      await clock.advance(100);
    }
    expect(written).to.deep.equal(['a@150', 'a@1150']);
  });

  it('of one does not wait for that of another', async () => {
    const { clock, written, queue } = aStatusQueue();
    queue.touch('a');
    await clock.advance(200);
    queue.touch('b');
    await clock.advance(150);
    expect(written).to.deep.equal(['a@150', 'b@350']);
  });

  it('that could not be written is tried again, later each time', async () => {
    let failures = 2;
    const { clock, written, errors, queue } = aStatusQueue(async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('down');
      return 'written';
    });
    queue.touch('a');
    await clock.advance(5_000);
    expect(written).to.deep.equal(['a@150', 'a@650', 'a@1650']);
    expect(errors).to.have.length(2);
  });

  it('of a successor does not wait for what was written of its predecessor', async () => {
    const { clock, written, queue } = aStatusQueue();
    queue.touch('a');
    await clock.advance(200);
    queue.forget('a');
    queue.touch('a');
    await clock.advance(150);
    expect(written).to.deep.equal(['a@150', 'a@350']);
  });

  it('is not written any more once stopped', async () => {
    const { clock, written, queue } = aStatusQueue();
    queue.touch('a');
    await queue.stop();
    await clock.advance(1_000);
    await settle();
    expect(written).to.deep.equal([]);
  });
});
