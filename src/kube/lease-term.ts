// One term as leader: it ends by itself unless it is extended, also in a process that was
// stopped for a while and whose timers are late.

import type { Clock, Timer } from '../clock.ts';

export class LeaseTerm {
  readonly #clock: Clock;
  readonly #onExpiry: () => void;
  readonly #over = new AbortController();
  #until = 0;
  #timer: Timer | undefined;

  /** @param until milliseconds of the monotonic clock; `onExpiry` is not called for end() */
  constructor(clock: Clock, until: number, onExpiry: () => void) {
    this.#clock = clock;
    this.#onExpiry = onExpiry;
    this.extend(until);
  }

  /** Aborted when the term is over. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  extend(until: number): void {
    this.#until = until;
    this.#timer?.cancel();
    const left = Math.ceil(until - this.#clock.monotonic());
    this.#timer = this.#clock.setTimeout(() => this.#wake(), left);
  }

  /** Looks at the clock itself. */
  isRunning(): boolean {
    if (!this.#over.signal.aborted && this.#clock.monotonic() >= this.#until) this.#expire();
    return !this.#over.signal.aborted;
  }

  end(): void {
    this.#timer?.cancel();
    this.#over.abort(new Error('no longer the leader'));
  }

  /** A timer can be early by a part of a millisecond. */
  #wake(): void {
    if (this.isRunning()) this.extend(this.#until);
  }

  #expire(): void {
    this.end();
    this.#onExpiry();
  }
}
