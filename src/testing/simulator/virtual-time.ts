// The time of a simulation: it moves from one timer to the next, and what a timer starts comes
// to rest before the next one fires. Timers of the same moment fire in the order they were set.

import type { Timer } from '../../clock.ts';
import { settle } from '../fake-clock.ts';

interface Pending {
  readonly at: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/** Timers of one moment; more of them set one another. */
const MOST_AT_ONCE = 20_000;

const isBefore = (a: Pending, b: Pending): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

export class VirtualTime {
  /** Milliseconds since the start. */
  now = 0;
  #order = 0;
  #firedNow = 0;
  /** A binary heap: no node is after its children. */
  readonly #heap: Pending[] = [];

  after(milliseconds: number, callback: () => void): Timer {
    const pending: Pending = {
      at: this.now + Math.max(0, Math.ceil(milliseconds)),
      order: this.#order++,
      callback,
    };
    this.#push(pending);
    return {
      cancel: () => {
        pending.callback = undefined;
      },
    };
  }

  /** Runs up to a moment, or until `isOver` says so, which is asked after every timer. */
  async runUntil(moment: number, isOver: () => boolean = () => false): Promise<void> {
    await settle();
    for (let first = this.#heap[0]; first !== undefined && first.at <= moment; first = this.#heap[0]) {
      if (isOver()) return;
      this.#pop();
      if (first.callback === undefined) continue;
      this.#checkThatItMoves(first.at);
      this.now = first.at;
      first.callback();
      await settle();
    }
    if (!isOver()) this.now = Math.max(this.now, moment);
  }

  #checkThatItMoves(at: number): void {
    this.#firedNow = at === this.now ? this.#firedNow + 1 : 0;
    if (this.#firedNow > MOST_AT_ONCE) throw new Error(`time stands still at ${at}`);
  }

  #push(pending: Pending): void {
    const heap = this.#heap;
    let index = heap.push(pending) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Pending;
      if (isBefore(above, pending)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = pending;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const isRight = right < heap.length && isBefore(heap[right] as Pending, heap[left] as Pending);
      const child = isRight ? right : left;
      const below = heap[child] as Pending;
      if (!isBefore(below, last)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }
}
