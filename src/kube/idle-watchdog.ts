// Notices that a watch has gone silent. A connection that is dead without a FIN, or stuck
// in a proxy, looks just like one with nothing to say.

import type { Clock, Timer } from '../clock.ts';

export class IdleWatchdog {
  #limit: number;
  readonly #clock: Clock;
  readonly #onIdle: () => void;
  #last: number;
  #timer: Timer;

  /** Calls `onIdle` once when `limit` milliseconds have passed without progress(). */
  constructor(limit: number, clock: Clock, onIdle: () => void) {
    this.#limit = limit;
    this.#clock = clock;
    this.#onIdle = onIdle;
    this.#last = clock.monotonic();
    this.#timer = this.#set(limit);
  }

  get limit(): number {
    return this.#limit;
  }

  /** Counts anew, to another limit. */
  restart(limit: number): void {
    this.#timer.cancel();
    this.#limit = limit;
    this.#last = this.#clock.monotonic();
    this.#timer = this.#set(limit);
  }

  /** Only notes the time: a timer set anew for each of thousands of events would cost more than the events. */
  progress(): void {
    this.#last = this.#clock.monotonic();
  }

  stop(): void {
    this.#timer.cancel();
  }

  #set(milliseconds: number): Timer {
    return this.#clock.setTimeout(() => {
      const left = this.#last + this.#limit - this.#clock.monotonic();
      if (left > 0) this.#timer = this.#set(left);
      else this.#onIdle();
    }, milliseconds);
  }
}
