// The clock that all loop tests and the simulator rely on.

import { expect } from 'chai';
import { FakeClock } from './fake-clock.ts';

describe('the fake clock', () => {
  it('fires timers in the order of their times, then of their making, each at its own time', async () => {
    const clock = new FakeClock(0);
    const fired: string[] = [];
    for (const [name, delay] of [
      ['c', 30],
      ['a', 10],
      ['b', 10],
    ] as const) {
      clock.setTimeout(() => fired.push(`${name} at ${clock.now()}`), delay);
    }
    await clock.advance(29);

    expect(fired).to.deep.equal(['a at 10', 'b at 10']);
    expect(clock.now()).to.equal(29);
    await clock.advance(1);
    expect(fired.at(-1)).to.equal('c at 30');
  });

  it('has a wall clock that can be set, by which no time passes', async () => {
    const clock = new FakeClock(1_000);
    const fired: number[] = [];
    clock.setTimeout(() => fired.push(clock.monotonic()), 10);
    clock.set(-500);
    expect([clock.now(), clock.monotonic()]).to.deep.equal([500, 0]);
    await clock.advance(10);
    expect(fired).to.deep.equal([10]);
  });

  it('fires a timer that another one started within the same advance', async () => {
    const clock = new FakeClock(0);
    const fired: number[] = [];
    clock.setTimeout(async () => {
      await Promise.resolve();
      clock.setTimeout(() => fired.push(clock.now()), 5);
    }, 5);
    await clock.advance(10);

    expect(fired).to.deep.equal([10]);
  });

  it('does not fire what was cancelled', async () => {
    const clock = new FakeClock();
    const timer = clock.setTimeout(() => expect.fail('fired'), 1);
    timer.cancel();
    await clock.runAll();

    expect(clock.pending).to.equal(0);
  });

  it('refuses to run for ever', async () => {
    const clock = new FakeClock();
    const again = (): void => void clock.setTimeout(again, 1);
    again();

    const failure = await clock.runAll(10).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error).with.property('message').that.includes('after 10 timers');
  });
});
