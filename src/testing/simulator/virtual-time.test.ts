// The order in which things happen in a simulation is certain, or no seed could be played again.

import { expect } from 'chai';
import { ReplicaClock } from './replica-clock.ts';
import { VirtualTime } from './virtual-time.ts';

describe('virtual time', () => {
  const told: string[] = [];
  let time: VirtualTime;
  const tell = (what: string) => (): void => void told.push(`${time.now} ${what}`);

  beforeEach(() => {
    time = new VirtualTime();
    told.length = 0;
  });

  it('fires timers in the order of their moments, and of one moment in the order they were set', async () => {
    for (const [name, at] of Object.entries({ a: 30, b: 10, c: 20, d: 10 })) time.after(at, tell(name));
    await time.runUntil(25);
    expect(told).to.deep.equal(['10 b', '10 d', '20 c']);
    expect(time.now).to.equal(25);
  });

  it('lets what a timer starts come to rest before the next one fires', async () => {
    time.after(1, async () => {
      await Promise.resolve();
      tell('first, later')();
    });
    time.after(1, tell('second'));
    await time.runUntil(1);
    expect(told).to.deep.equal(['1 first, later', '1 second']);
  });

  it('never fires what was cancelled', async () => {
    time.after(1, tell('no')).cancel();
    await time.runUntil(10);
    expect(told).to.deep.equal([]);
  });

  it('stops where it is told to', async () => {
    for (const at of [1, 2, 3]) time.after(at, tell('tick'));
    await time.runUntil(10, () => told.length === 2);
    expect(told).to.deep.equal(['1 tick', '2 tick']);
    expect(time.now).to.equal(2);
  });

  it('fails when timers set one another without an end', async () => {
    const again = (): void => void time.after(0, again);
    again();
    const failure = await time.runUntil(1).catch((error: Error) => error.message);
    expect(failure).to.equal('time stands still at 0');
  });

  it('holds everything back from a replica that is frozen, and gives it in its order', async () => {
    const clock = new ReplicaClock(time, 5);
    for (const at of [1, 2]) clock.setTimeout(tell(`set for ${at}`), at);
    clock.freeze();
    await time.runUntil(10);
    expect(told).to.deep.equal([]);
    expect(clock.monotonic()).to.equal(15);
    clock.thaw();
    await time.runUntil(10);
    expect(told).to.deep.equal(['10 set for 1', '10 set for 2']);
  });

  it('gives nothing to a replica that is dead', async () => {
    const clock = new ReplicaClock(time, 0);
    clock.setTimeout(tell('no'), 1);
    clock.die();
    await time.runUntil(10);
    expect(told).to.deep.equal([]);
  });
});
