// A bound on the writes under way: the API server's own limits (priority and fairness)
// answer 429 beyond some parallelism, and what waits here waits in order.

/** Takes the place that became free. */
type Start = () => void;

interface Turn {
  readonly signal?: AbortSignal;
  /** Before those who wait already. */
  readonly goesFirst?: boolean;
}

export class Limiter {
  readonly #limit: number;
  readonly #waiting: Start[] = [];
  #running = 0;

  constructor(limit: number) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new RangeError(`the limit of parallel writes must be a whole number of at least 1, not ${limit}`);
    }
    this.#limit = limit;
  }

  /** Runs `work` when it is its turn; rejects with the signal's reason when that comes first. */
  async run<T>(work: () => Promise<T>, turn: Turn = {}): Promise<T> {
    await this.#turn(turn);
    try {
      return await work();
    } finally {
      this.#running--;
      this.#next();
    }
  }

  #turn({ signal, goesFirst = false }: Turn): Promise<void> {
    signal?.throwIfAborted();
    if (this.#running < this.#limit) {
      this.#running++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(start), 1);
        reject(signal?.reason);
      };
      const start = (): void => {
        signal?.removeEventListener('abort', abort);
        this.#running++;
        resolve();
      };
      if (goesFirst) this.#waiting.unshift(start);
      else this.#waiting.push(start);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  #next(): void {
    this.#waiting.shift()?.();
  }
}
