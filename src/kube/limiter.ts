// A bound on the writes under way: the API server's own limits (priority and fairness) answer
// 429 beyond some parallelism. What waits here waits in order, the urgent before the bulk.

import { type Clock, systemClock } from '../clock.ts';

/** `urgent`: somebody waits for it. `bulk`: one of many, such as a roll-out. */
export type Priority = 'urgent' | 'bulk';

interface Turn {
  readonly signal?: AbortSignal | undefined;
  /** Default: bulk. */
  readonly priority?: Priority | undefined;
  /** Before those of its priority who wait already. */
  readonly goesFirst?: boolean | undefined;
}

/** Takes the place that became free. */
type Start = () => void;

/**
 * The part of the places that is left to the bulk while there are urgent writes: an API server at its limit
 * takes longer for each write the more of them are under way.
 */
const LEFT_TO_BULK = 1 / 8;

/**
 * Milliseconds for which the bulk stays back after an urgent write. What is urgent comes in steps: a new
 * namespace gets its Secret, and its ServiceAccount comes a moment later.
 */
const STAYS_BACK = 500;

export class Limiter {
  readonly #limit: number;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #waiting: Record<Priority, Start[]> = { urgent: [], bulk: [] };
  readonly #running: Record<Priority, number> = { urgent: 0, bulk: 0 };
  #lastUrgent = Number.NEGATIVE_INFINITY;

  constructor(limit: number, clock: Pick<Clock, 'monotonic'> = systemClock) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new RangeError(`the limit of parallel writes must be a whole number of at least 1, not ${limit}`);
    }
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Runs `work` when it is its turn; rejects with the signal's reason when that comes first. */
  async run<T>(work: () => Promise<T>, turn: Turn = {}): Promise<T> {
    const { priority = 'bulk' } = turn;
    await this.#turn(priority, turn);
    try {
      return await work();
    } finally {
      this.#running[priority]--;
      if (priority === 'urgent') this.#lastUrgent = this.#clock.monotonic();
      this.#next();
    }
  }

  #turn(priority: Priority, { signal, goesFirst = false }: Turn): Promise<void> {
    signal?.throwIfAborted();
    const waiting = this.#waiting[priority];
    if ((waiting.length === 0 || goesFirst) && this.#hasPlace(priority)) {
      this.#running[priority]++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        waiting.splice(waiting.indexOf(start), 1);
        reject(signal?.reason);
      };
      const start = (): void => {
        signal?.removeEventListener('abort', abort);
        this.#running[priority]++;
        resolve();
      };
      if (goesFirst) waiting.unshift(start);
      else waiting.push(start);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** More than one may start: the bulk may have stayed back until now. */
  #next(): void {
    for (const priority of ['urgent', 'bulk'] as const)
      while (this.#waiting[priority].length > 0 && this.#hasPlace(priority))
        this.#waiting[priority].shift()?.();
  }

  #hasPlace(priority: Priority): boolean {
    const { urgent, bulk } = this.#running;
    return urgent + bulk < this.#limit && (priority === 'urgent' || bulk < this.#bulkLimit());
  }

  /** At least one: then there is always a write at whose end it is asked again. */
  #bulkLimit(): number {
    const isUrgent = this.#running.urgent + this.#waiting.urgent.length > 0;
    const staysBack = isUrgent || this.#clock.monotonic() - this.#lastUrgent < STAYS_BACK;
    return staysBack ? Math.max(1, Math.floor(this.#limit * LEFT_TO_BULK)) : this.#limit;
  }
}
