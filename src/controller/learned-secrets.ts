// What the fetches of one token told the redactor of: those of the last one, and of the one before, for of that token
// Secrets are still full, and a policy may quote it.

import type { Redactor } from '../redactor.ts';

export class LearnedSecrets {
  readonly #redactor: Pick<Redactor, 'learn' | 'forget'>;
  #now: string[] = [];
  #before: string[] = [];

  constructor(redactor: Pick<Redactor, 'learn' | 'forget'>) {
    this.#redactor = redactor;
  }

  learn(secret: string): void {
    this.#redactor.learn(secret);
    this.#now.push(secret);
  }

  /** Another fetch begins. */
  turn(): void {
    for (const secret of this.#before) this.#redactor.forget(secret);
    this.#before = this.#now;
    this.#now = [];
  }

  forgetAll(): void {
    this.turn();
    this.turn();
  }
}
