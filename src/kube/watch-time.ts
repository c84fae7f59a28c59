// For how long a reflector asks the server to keep a watch, how long a list may take that comes as one, and
// for how long one may be silent.

import type { Random } from '../clock.ts';

interface Times {
  /** Seconds that we ask the server to keep a watch. */
  readonly least: number;
  readonly most: number;
  /** Milliseconds without a frame; past the end of any watch that is alive. */
  readonly silence: number;
}

/**
 * Its end is the only sign of life that a quiet one gives: bookmarks come once a minute, and none where nothing
 * has happened (ADR 0013).
 */
const UNPROBED: Times = { least: 40, most: 45, silence: 55_000 };

/** The connection is asked whether it lives, so the end is only for what no connection tells (ADR 0018). */
const PROBED: Times = { least: 300, most: 600, silence: 660_000 };

/** Milliseconds: a list has always something to say until it is complete. */
const SILENCE_OF_LIST = 55_000;

/** Times as long; a list that takes longer than that, 48 minutes at least, does not come at all. */
const MOST_PATIENCE = 64;

export class WatchTime {
  readonly #random: Random;
  readonly #isProbed: () => boolean;
  /** Times as long as a watch. The server counts the list in: one that takes longer would never be complete. */
  #patience = 1;

  constructor(random: Random, isProbed: () => boolean) {
    this.#random = random;
    this.#isProbed = isProbed;
  }

  /** Milliseconds for which one that is open may be silent. */
  silence(isList: boolean): number {
    return isList ? SILENCE_OF_LIST : this.#times.silence;
  }

  /** Seconds to ask for. */
  next(isList: boolean): number {
    const { least, most } = this.#times;
    return Math.round(least + (most - least) * this.#random()) * (isList ? this.#patience : 1);
  }

  /** A list was ended by its time: the next one has twice as much. */
  tooShort(): void {
    this.#patience = Math.min(this.#patience * 2, MOST_PATIENCE);
  }

  /** Whether what was asked for is more than a watch may have, which has to end before it counts as silent. */
  isOnlyForList(seconds: number): boolean {
    return seconds > this.#times.most;
  }

  get #times(): Times {
    return this.#isProbed() ? PROBED : UNPROBED;
  }
}
