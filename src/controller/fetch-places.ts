// Which of the fetches that are due may begin. A start with hundreds of them is no flood, and nobody who hangs holds up
// the others: who is asked has a share of the places only, whoever failed the last time waits behind the rest, and those
// take turns.

export interface Turn {
  /** Who is asked: words of the source. Each of them has its share. */
  readonly asked: readonly string[];
  /** It failed the last time. */
  readonly isFailing: boolean;
  /** Somebody waits for it, and said so, perhaps while it waits itself. */
  readonly isUrgent: () => boolean;
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
      // Of those that wait none has a place, or it would have begun.
      if (hasPlace(turn, tallyOf(this.#running))) return start();
      this.#waiting.add(waiting);
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** Of equals the first to come begins: it stays the first in the set. */
  #next(): void {
    for (;;) {
      const running = tallyOf(this.#running);
      let first: Waiting | undefined;
      for (const one of this.#waiting)
        if (hasPlace(one, running) && (first === undefined || goesBefore(one, first, running))) first = one;
      if (first === undefined) return;
      first.start();
    }
  }
}

/** What runs: of all, of those that failed the last time, and by who is asked. */
interface Running {
  readonly all: number;
  readonly failing: number;
  readonly at: ReadonlyMap<string, number>;
}

function tallyOf(running: ReadonlySet<Turn>): Running {
  const at = new Map<string, number>();
  for (const { asked } of running) for (const word of asked) at.set(word, (at.get(word) ?? 0) + 1);
  return { all: running.size, failing: [...running].filter(({ isFailing }) => isFailing).length, at };
}

const hasPlace = ({ asked, isFailing }: Turn, { all, failing, at }: Running): boolean =>
  all < PLACES &&
  (!isFailing || failing < MOST_FAILING) &&
  asked.every(word => (at.get(word) ?? 0) < MOST_OF_ONE);

function goesBefore(one: Turn, other: Turn, { at }: Running): boolean {
  if (one.isFailing !== other.isFailing) return other.isFailing;
  const [isUrgent, isOther] = [one.isUrgent(), other.isUrgent()];
  if (!one.isFailing) return isUrgent === isOther ? one.endsAt < other.endsAt : isUrgent;
  // By turns: who hangs for many has them come again and again, and one of another may be well by now.
  const [ours, theirs] = [one, other].map(({ asked }) => sum(asked.map(word => at.get(word) ?? 0)));
  return ours === theirs ? isUrgent && !isOther : Number(ours) < Number(theirs);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
