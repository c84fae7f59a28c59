// For how long a reflector asks the server to keep a watch, and how long a list may take that comes as one.

import type { Random } from '../clock.ts';

/**
 * Seconds that we ask the server to keep a watch. Its end is the only sign of life that a quiet one gives:
 * bookmarks come once a minute, and none where nothing has happened (ADR 0013).
 */
const WATCH_SECONDS = { least: 40, most: 45 };

/** Times as long; a list that takes longer than that, 48 minutes, does not come at all. */
const MOST_PATIENCE = 64;

export class WatchTime {
  readonly #random: Random;
  /** Times as long as a watch. The server counts the list in: one that takes longer would never be complete. */
  #patience = 1;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Seconds to ask for. */
  next(isList: boolean): number {
    const { least, most } = WATCH_SECONDS;
    return Math.round(least + (most - least) * this.#random()) * (isList ? this.#patience : 1);
  }

  /** A list was ended by its time: the next one has twice as much. */
  tooShort(): void {
    this.#patience = Math.min(this.#patience * 2, MOST_PATIENCE);
  }

  /** Whether what was asked for is more than a watch may have, which has to end before it counts as silent. */
  isOnlyForList(seconds: number): boolean {
    return seconds > WATCH_SECONDS.most;
  }
}
