// The clock of one replica, and with it its life: a wall clock that may be wrong, a monotonic one
// with an origin of its own; while it is frozen nothing reaches it, and once it is dead nothing ever does.

import type { Clock, Timer } from '../../clock.ts';
import type { VirtualTime } from './virtual-time.ts';

/** 2026-01-01, for all simulations. */
export const BEGINNING = Date.UTC(2026, 0, 1);

export class ReplicaClock implements Clock {
  /** Milliseconds by which the wall clock is wrong. */
  skew = 0;
  readonly #time: VirtualTime;
  readonly #origin: number;
  #frozen = false;
  #dead = false;
  #held: (() => void)[] = [];

  constructor(time: VirtualTime, origin: number) {
    this.#time = time;
    this.#origin = origin;
  }

  get isDead(): boolean {
    return this.#dead;
  }

  get isFrozen(): boolean {
    return this.#frozen;
  }

  now(): number {
    return BEGINNING + this.#time.now + this.skew;
  }

  /** Goes on while the process is stopped, as CLOCK_MONOTONIC does. */
  monotonic(): number {
    return this.#time.now + this.#origin;
  }

  setTimeout(callback: () => void, milliseconds: number): Timer {
    let isCancelled = false;
    const fire = (): void => {
      if (this.#dead || isCancelled) return;
      if (this.#frozen) this.#held.push(fire);
      else callback();
    };
    const timer = this.#time.after(milliseconds, fire);
    return {
      cancel: () => {
        isCancelled = true;
        timer.cancel();
      },
    };
  }

  freeze(): void {
    this.#frozen = true;
  }

  /** All that waited comes at once, in its order. */
  thaw(): void {
    this.#frozen = false;
    const held = this.#held;
    this.#held = [];
    for (const fire of held) this.#time.after(0, fire);
  }

  die(): void {
    this.#dead = true;
    this.#held = [];
  }
}
