// When the requests of a replica were decided: a request may wait for its turn, and a plan sends
// some of its requests only when others were answered. What follows on one another at the same
// moment may be of one plan, so it counts as decided when the first of it was sent.

interface Chain {
  readonly view: number;
  underWay: number;
  endedAt: number;
}

export class Decisions {
  readonly #chains = new Map<string, Chain>();

  /** @param view the oldest view of the replica just now */
  begin(key: string, now: number, view: () => number): void {
    const chain = this.#chains.get(key);
    if (chain !== undefined && (chain.underWay > 0 || chain.endedAt === now)) chain.underWay++;
    else this.#chains.set(key, { view: view(), underWay: 1, endedAt: 0 });
  }

  end(key: string, now: number): void {
    const chain = this.#chains.get(key);
    if (chain === undefined) return;
    chain.underWay--;
    chain.endedAt = now;
  }

  /** The view on which whatever is under way was decided. */
  viewOf(key: string): number | undefined {
    return this.#chains.get(key)?.view;
  }
}
