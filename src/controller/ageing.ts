// The time by which a login ages: that of the wall clock, but whoever sets that back makes no login younger. The
// monotonic clock goes on, and stands still while a machine sleeps; the later of the two counts.

import type { Clock } from '../clock.ts';

export class Ageing {
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  #wall = 0;
  #monotonic = 0;

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#clock = clock;
    this.begin();
  }

  /** A login has come: by the wall clock as it is now, its end was worked out. */
  begin(): void {
    this.#wall = this.#clock.now();
    this.#monotonic = this.#clock.monotonic();
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return Math.max(this.#clock.now(), this.#wall + this.#clock.monotonic() - this.#monotonic);
  }
}
