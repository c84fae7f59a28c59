// Chance that can be had again: the same seed gives the same numbers on every machine.

import type { Random } from '../clock.ts';

/** A linear congruential generator with its weak low bits mixed away; any integer is a seed. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
    return ((mixed ^ (mixed >>> 12)) >>> 0) / 2 ** 32;
  };
}

export class Dice {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  /** True in one of `sides` cases. */
  oneIn(sides: number): boolean {
    return this.#random() * sides < 1;
  }

  /** From 0 to `most`. */
  upTo(most: number): number {
    return Math.floor(this.#random() * (most + 1));
  }

  one<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.upTo(choices.length - 1)] ?? choices[0];
  }

  /** Each with even chance, in the order given. */
  some<T>(choices: readonly T[]): T[] {
    return choices.filter(() => this.oneIn(2));
  }
}
