// Which of the fetches that are due may begin. A start with hundreds of them is no flood, and nobody who hangs holds up
// the others: who is asked has a share of the places only, and whoever failed the last time waits behind the rest.

export interface Turn {
  /** Who is asked: a word of the source. */
  readonly asked: string;
  /** It failed the last time. */
  readonly isFailing: boolean;
  /** When what it replaces ends, in milliseconds since the epoch; the soonest goes first. */
  readonly endsAt: number;
  readonly signal: AbortSignal;
}

interface Waiting extends Turn {
  readonly start: () => void;
}

const PLACES = 16;
/** So many hang at the same time at one who does not answer; what waits for him waits for him. */
const MOST_OF_ONE = 4;
/** The others are left to those that most likely will be done in a moment. */
const MOST_FAILING = 8;

export class FetchPlaces {
  readonly #running = new Set<Turn>();
  readonly #waiting = new Set<Waiting>();

  /** Runs `work` when it is its turn; rejects with the signal's reason when that comes first. */
  async run<T>(work: () => Promise<T>, turn: Turn): Promise<T> {
    await this.#turn(turn);
    try {
      return await work();
    } finally {
      this.#running.delete(turn);
      this.#next();
    }
  }

  #turn(turn: Turn): Promise<void> {
    const { signal } = turn;
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.delete(waiting);
        reject(signal.reason);
      };
      const start = (): void => {
        signal.removeEventListener('abort', abort);
        this.#waiting.delete(waiting);
        this.#running.add(turn);
        resolve();
      };
      const waiting = { ...turn, start };
      this.#waiting.add(waiting);
      signal.addEventListener('abort', abort, { once: true });
      this.#next();
    });
  }

  #next(): void {
    for (const waiting of [...this.#waiting].sort(soonestFirst)) {
      if (this.#running.size >= PLACES) return;
      if (this.#hasPlace(waiting)) waiting.start();
    }
  }

  #hasPlace({ asked, isFailing }: Turn): boolean {
    const running = [...this.#running];
    if (isFailing && running.filter(one => one.isFailing).length >= MOST_FAILING) return false;
    return running.filter(one => one.asked === asked).length < MOST_OF_ONE;
  }
}

/** Those of equal haste in the order in which they came. */
const soonestFirst = (one: Turn, other: Turn): number =>
  Number(one.isFailing) - Number(other.isFailing) ||
  (one.endsAt < other.endsAt ? -1 : Number(one.endsAt > other.endsAt));
