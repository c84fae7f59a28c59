// How many failures there were in a row, by which a reflector waits longer each time.

import { ApiError, TransportError } from './errors.ts';
import type { Problem } from './reflector-problem.ts';

export class FailureRow {
  #count = 0;
  /** Whoever was away has answered again in this row. */
  #wasBack = false;

  get length(): number {
    return this.#count;
  }

  end(): void {
    this.#count = 0;
    this.#wasBack = false;
  }

  /**
   * A server that was away and answers again is not well at once, and will be in a moment: the count begins again.
   * Only once: where one of two is away and the other refuses, it would for ever.
   */
  add(failure: Problem, before: Problem | undefined): void {
    const isBack = !this.#wasBack && failure instanceof ApiError && before instanceof TransportError;
    this.#wasBack ||= isBack;
    this.#count = isBack ? 1 : this.#count + 1;
  }
}
