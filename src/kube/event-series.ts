// What was reported lately, so that the same thing again is counted instead of written
// anew. It is the recorder's only memory, and bounded.

import { type EventDraft, keyOfEvent, type Series } from './event-object.ts';
import { microTime } from './micro-time.ts';

/** Milliseconds: a series that was silent for so long is over; one that goes on is written as often. */
export const SERIES_WINDOW = 6 * 60_000;
/** Events that are remembered or wait to be written. */
const MOST = 1_000;

/** One Event, however often it was repeated. Times in milliseconds since the epoch. */
export interface Entry {
  readonly name: string;
  readonly draft: EventDraft;
  readonly began: number;
  count: number;
  last: number;
  /** The count that the API server has; 0 before it has the Event. */
  written: number;
  writtenAt: number;
}

export const seriesOf = ({ count, last }: Entry): Series | undefined =>
  count === 1 ? undefined : { count, lastObservedTime: microTime(last) };

const isPending = (entry: Entry): boolean => entry.count > entry.written;

export class EventSeries {
  /** The least recently repeated first. */
  readonly #entries = new Map<string, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  /** The entry, and the key of the one that had to go for it. */
  note(draft: EventDraft, now: number, name: () => string): { entry: Entry; evicted: Entry | undefined } {
    const key = keyOfEvent(draft);
    const known = this.#entries.get(key);
    const entry = known ?? {
      name: name(),
      draft,
      began: now,
      count: 0,
      last: now,
      written: 0,
      writtenAt: now,
    };
    entry.count++;
    entry.last = now;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return { entry, evicted: this.#entries.size > MOST ? this.#evict() : undefined };
  }

  /** It was not and will not be written. */
  drop(entry: Entry): void {
    const key = keyOfEvent(entry.draft);
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }

  /** Forgets what is over; returns whose count is to be written: once at the end, and once a window before. */
  sweep(now: number): Entry[] {
    const due: Entry[] = [];
    for (const entry of this.#entries.values()) {
      const over = now - entry.last >= SERIES_WINDOW;
      if (!isPending(entry)) {
        if (over) this.drop(entry);
      } else if (over || now - entry.writtenAt >= SERIES_WINDOW) due.push(entry);
    }
    return due;
  }

  pending(): Entry[] {
    return [...this.#entries.values()].filter(isPending);
  }

  #evict(): Entry | undefined {
    const [first] = this.#entries.values();
    if (first !== undefined) this.drop(first);
    return first;
  }
}
