// A term ends in time also where timers do not: in a process that was stopped for a while.

import { expect } from 'chai';
import type { Clock } from '../clock.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { LeaseTerm } from './lease-term.ts';

describe('a term as leader', () => {
  let clock: FakeClock;
  let expiries: number;
  /** Milliseconds that pass without a timer, as after SIGSTOP and SIGCONT. */
  let slept: number;
  let term: LeaseTerm;

  beforeEach(() => {
    clock = new FakeClock(0);
    expiries = 0;
    slept = 0;
    const late: Clock = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic() + slept,
      setTimeout: (callback, milliseconds) => clock.setTimeout(callback, milliseconds),
    };
    term = new LeaseTerm(late, 10_000, () => expiries++);
  });

  it('ends by its timer, and aborts what is under way', async () => {
    await clock.advance(9_999);
    expect(term.signal.aborted).to.equal(false);
    await clock.advance(1);
    expect(term.signal.aborted).to.equal(true);
    expect(expiries).to.equal(1);
  });

  it('is over at the first question when the timer is late', () => {
    slept = 10_000;
    expect(term.isRunning()).to.equal(false);
    expect(term.signal.aborted).to.equal(true);
    expect(expiries).to.equal(1);
    expect(clock.pending).to.equal(0);
  });

  it('goes on for as long as it is extended', async () => {
    await clock.advance(9_000);
    term.extend(19_000);
    await clock.advance(9_999);
    expect(term.isRunning()).to.equal(true);
    await clock.advance(1);
    expect(term.isRunning()).to.equal(false);
    expect(expiries).to.equal(1);
  });

  it('waits on when its timer comes early', async () => {
    slept = -0.5;
    await clock.advance(10_000);
    expect(term.isRunning()).to.equal(true);
    await clock.advance(1);
    expect(expiries).to.equal(1);
  });

  it('ends without a word when it is ended', async () => {
    term.end();
    await clock.advance(20_000);
    expect(term.isRunning()).to.equal(false);
    expect(expiries).to.equal(0);
    expect(clock.pending).to.equal(0);
  });
});
