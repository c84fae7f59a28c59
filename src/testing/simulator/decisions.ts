// When the requests of a replica were decided, and what it had been shown by then: a request may
// wait for its turn, and a plan sends some of its requests only when others were answered. What
// follows on one another at the same moment may be of one plan, so it counts as decided when the
// first of it was sent.

import type { Shown, Views } from './views.ts';

export interface Decision {
  /** Everything that happened before this moment had been shown. */
  readonly since: number;
  /** What had been shown, topic by topic, at each moment at which it may have been decided. */
  readonly shown: readonly Shown[];
}

interface Chain {
  readonly since: number;
  readonly shown: Shown[];
  underWay: number;
  endedAt: number;
}

export class Decisions {
  readonly #chains = new Map<string, Chain>();
  readonly #views: Views;
  readonly #now: () => number;

  constructor(views: Views, now: () => number) {
    this.#views = views;
    this.#now = now;
  }

  begin(key: string): void {
    const chain = this.#chains.get(key);
    if (chain !== undefined && (chain.underWay > 0 || chain.endedAt === this.#now())) {
      chain.underWay++;
      chain.shown.push(...this.#views.lately);
    } else this.#chains.set(key, { ...this.#fresh(), underWay: 1, endedAt: 0 });
  }

  end(key: string): void {
    const chain = this.#chains.get(key);
    if (chain === undefined) return;
    chain.underWay--;
    chain.endedAt = this.#now();
  }

  /** Of what is under way. */
  of(key: string): Decision {
    return this.#chains.get(key) ?? this.#fresh();
  }

  #fresh() {
    return { since: this.#views.oldest, shown: [...this.#views.lately] };
  }
}
