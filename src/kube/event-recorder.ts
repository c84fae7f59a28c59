// Tells people what happened, as Events. Nothing depends on them: recording returns at
// once, never throws, and what cannot be written is logged and forgotten.

import type { Clock, Random, Timer } from '../clock.ts';
import type { Log } from '../log.ts';
import { isConflict, isNotFound } from './errors.ts';
import {
  EVENT_NAMESPACE,
  type EventDraft,
  type EventOrigin,
  eventObject,
  nameOfEvent,
  tidy,
} from './event-object.ts';
import { EventRate } from './event-rate.ts';
import { type Entry, EventSeries, seriesOf } from './event-series.ts';
import type { KubeClient } from './kube-client.ts';

export interface EventRecorderOptions extends EventOrigin {
  /** One that writes only while this replica leads. */
  readonly client: KubeClient;
  /** Masks credentials in the note. */
  readonly redact: (text: string) => string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Milliseconds between two looks for series that are over or long unwritten. */
const SWEEP = 60_000;
/** Milliseconds that stop() may take. */
const PATIENCE = 1_000;
const PATH = `/apis/events.k8s.io/v1/namespaces/${EVENT_NAMESPACE}/events`;

export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #series = new EventSeries();
  readonly #rate = new EventRate();
  /** A set of what is to be written, not of occurrences: no storm makes it longer than the series. */
  readonly #waiting = new Set<Entry>();
  readonly #cut = new AbortController();
  #writing: Promise<void> | undefined;
  #sweep: Timer | undefined;
  #stopped = false;
  #failing = false;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  event(draft: EventDraft): void {
    if (this.#stopped) return;
    try {
      this.#note(tidy(draft, this.#options.redact));
    } catch (error) {
      this.#options.log.warn('could not record an event', { object: draft.object.name, error });
    }
  }

  /** Writes what waits, within a second. */
  async stop(): Promise<void> {
    const { clock, log } = this.#options;
    this.#stopped = true;
    this.#sweep?.cancel();
    const timer = clock.setTimeout(() => this.#cut.abort(), PATIENCE);
    for (const entry of this.#series.pending()) this.#enqueue(entry);
    await this.#writing;
    timer.cancel();
    if (this.#waiting.size > 0) log.debug('stopped with events unwritten', { events: this.#waiting.size });
  }

  #note(draft: EventDraft): void {
    const now = this.#options.clock.now();
    const { entry, evicted } = this.#series.note(draft, now, () => this.#newName(draft, now));
    if (evicted !== undefined && this.#waiting.delete(evicted)) this.#skip(evicted, 'too many at once');
    // The first repetition is written at once, the next ones by the sweep.
    if (entry.count <= 2) this.#enqueue(entry);
    this.#sweep ??= this.#options.clock.setTimeout(() => this.#sweepNow(), SWEEP);
  }

  #newName({ object }: EventDraft, now: number): string {
    const { random } = this.#options;
    const chance = Math.floor(random() * 2 ** 32).toString(16);
    return nameOfEvent(object.name, `${now.toString(16)}${chance.padStart(8, '0')}`);
  }

  #sweepNow(): void {
    this.#sweep = undefined;
    const { clock } = this.#options;
    for (const entry of this.#series.sweep(clock.now())) this.#enqueue(entry);
    if (this.#series.size > 0) this.#sweep = clock.setTimeout(() => this.#sweepNow(), SWEEP);
  }

  #enqueue(entry: Entry): void {
    this.#waiting.add(entry);
    this.#writing ??= this.#drain();
  }

  /** One at a time: Events never take the place of real work. */
  async #drain(): Promise<void> {
    // The caller goes on first.
    await Promise.resolve();
    for (const entry of this.#waiting) {
      if (this.#cut.signal.aborted) break;
      this.#waiting.delete(entry);
      await this.#write(entry);
    }
    this.#writing = undefined;
  }

  async #write(entry: Entry): Promise<void> {
    const { clock } = this.#options;
    if (entry.count === entry.written) return;
    const { object, action } = entry.draft;
    if (!this.#rate.take(object.uid, action, clock.now())) {
      // The count of an Event that is there can wait for a token; a new one cannot.
      if (entry.written === 0) this.#drop(entry, 'too many about this object');
      return;
    }
    const { count } = entry;
    try {
      await (entry.written === 0 ? this.#create(entry) : this.#repeat(entry));
      entry.written = count;
      entry.writtenAt = clock.now();
      this.#failing = false;
    } catch (error) {
      this.#report(entry, error);
    }
  }

  /** Once for a row of failures: when one Event cannot be written, seldom the next one can. */
  #report(entry: Entry, error: unknown): void {
    const { log } = this.#options;
    this.#series.drop(entry);
    const fields = { ...describe(entry), error };
    if (this.#failing) log.debug('could not write an event', fields);
    else log.warn('could not write an event', fields);
    this.#failing = true;
  }

  async #create(entry: Entry): Promise<void> {
    const { client } = this.#options;
    const body = eventObject(entry.name, entry.draft, this.#options, entry.began, seriesOf(entry));
    try {
      await client.request({ method: 'POST', path: PATH, body, signal: this.#cut.signal });
    } catch (failure) {
      // The transport sends again what a proxy failed to answer; the first may have arrived.
      if (!isConflict(failure)) throw failure;
    }
  }

  async #repeat(entry: Entry): Promise<void> {
    try {
      await this.#options.client.request({
        method: 'PATCH',
        path: `${PATH}/${encodeURIComponent(entry.name)}`,
        contentType: 'application/merge-patch+json',
        body: { series: seriesOf(entry) },
        signal: this.#cut.signal,
      });
    } catch (failure) {
      // Events live an hour.
      if (!isNotFound(failure)) throw failure;
      await this.#create(entry);
    }
  }

  #drop(entry: Entry, cause: string): void {
    this.#series.drop(entry);
    this.#skip(entry, cause);
  }

  #skip(entry: Entry, cause: string): void {
    this.#options.log.debug('left out an event', { ...describe(entry), cause });
  }
}

const describe = ({ draft: { object, reason } }: Entry) => ({ object: object.name, reason });
