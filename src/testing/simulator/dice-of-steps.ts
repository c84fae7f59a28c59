// Chance for the generator of schedules: like Dice, with weights.

import { Dice } from '../random.ts';

export type Weighted<T> = readonly (readonly [weight: number, make: () => T])[];

export class StepDice extends Dice {
  weighted<T>(choices: Weighted<T>): T {
    const sum = choices.reduce((total, [weight]) => total + weight, 0);
    let left = this.upTo(sum - 1);
    for (const [weight, make] of choices) {
      if (left < weight) return make();
      left -= weight;
    }
    return (choices[0] as Weighted<T>[number])[1]();
  }

  /** Milliseconds: mostly short enough to race with what the step before has led to. */
  pause(): number {
    return this.weighted([
      [4, () => 0],
      [6, () => this.upTo(20)],
      [8, () => 20 + this.upTo(300)],
      [4, () => 500 + this.upTo(3_000)],
      [1, () => 5_000 + this.upTo(15_000)],
    ]);
  }
}
