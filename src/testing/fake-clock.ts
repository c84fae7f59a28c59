// Time that moves only when a test says so, and the order in which timers fire made certain.

import type { Clock, Timer } from '../clock.ts';

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Lets everything that is ready to run, run: promises and what they start. */
export const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

export class FakeClock implements Clock {
  #now: number;
  readonly #start: number;
  /** By how much somebody has set the wall clock. */
  #set = 0;
  #order = 0;
  readonly #pending = new Set<Pending>();

  constructor(start: number | Date = Date.UTC(2026, 0, 1)) {
    this.#now = Number(start);
    this.#start = this.#now;
  }

  now(): number {
    return this.#now + this.#set;
  }

  monotonic(): number {
    return this.#now - this.#start;
  }

  /** Sets the wall clock; no time passes, and timers fire as if nothing had happened. */
  set(milliseconds: number): void {
    this.#set += milliseconds;
  }

  setTimeout(callback: () => void, milliseconds: number): Timer {
    const pending = { at: this.#now + Math.max(0, milliseconds), order: this.#order++, callback };
    this.#pending.add(pending);
    return { cancel: () => void this.#pending.delete(pending) };
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#pending.size;
  }

  /** When the next timer fires, in milliseconds since the epoch unless the clock was set. */
  get next(): number | undefined {
    return this.#first()?.at;
  }

  /** Moves time on, firing the timers in between, each at its own time; what they start settles in between. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (let first = this.#first(); first !== undefined && first.at <= end; first = this.#first()) {
      await this.#fire(first);
    }
    this.#now = end;
  }

  /** Fires timers until none is left; fails when that has no end, for then something polls. */
  async runAll(limit = 10_000): Promise<void> {
    await settle();
    for (let fired = 0; ; fired++) {
      const first = this.#first();
      if (first === undefined) return;
      if (fired >= limit)
        throw new Error(`after ${limit} timers there are still more; use advance() instead`);
      await this.#fire(first);
    }
  }

  async #fire(pending: Pending): Promise<void> {
    this.#now = Math.max(this.#now, pending.at);
    this.#pending.delete(pending);
    pending.callback();
    await settle();
  }

  #first(): Pending | undefined {
    let first: Pending | undefined;
    for (const pending of this.#pending) {
      if (
        first === undefined ||
        pending.at < first.at ||
        (pending.at === first.at && pending.order < first.order)
      ) {
        first = pending;
      }
    }
    return first;
  }
}
