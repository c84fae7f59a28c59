// When status is written: a moment after something changed, so that what changes
// together is said once, and at most once a second for one RegistryCredential.

import type { Clock, Random } from '../clock.ts';
import { retryAfterOf } from '../kube/errors.ts';
import type { QueueLook, QueueMetrics } from '../metrics/queues.ts';
import { LONGEST_PAUSE } from './status-pace.ts';
import { WorkQueue } from './work-queue.ts';

/** `postponed`: there is something to say that can wait. It is looked at again, whether anything changes or not. */
export type Written = 'written' | 'unchanged' | 'postponed';

/** By the monotonic clock. */
interface Look {
  readonly at: number;
  /** When the status was last written. */
  readonly written: number;
}

export interface StatusQueueOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: QueueMetrics;
  /** `since`: milliseconds since its last write. What it throws is retried. */
  readonly write: (credential: string, since: number) => Promise<Written>;
  readonly onError: (credential: string, error: unknown) => void;
}

/** Milliseconds. */
const SETTLE = 150;
/** Of which the last found something to say: whatever it is, it is said once a second at most. */
const BETWEEN_LOOKS = 1_000;
const BACKOFF = { first: 500, most: 30_000 };

export class StatusQueue implements QueueLook {
  readonly #options: StatusQueueOptions;
  readonly #queue: WorkQueue;
  /** RegistryCredential -> the last look that found something to say; the oldest first, and none that is long ago. */
  readonly #looks = new Map<string, Look>();

  constructor(options: StatusQueueOptions) {
    this.#options = options;
    const { clock, random, metrics } = options;
    const handle = (credential: string): Promise<void> => this.#handle(credential);
    this.#queue = new WorkQueue({ clock, random, metrics, backoff: BACKOFF, workers: 4, handle });
  }

  get depth(): number {
    return this.#queue.depth;
  }

  underWay(): number[] {
    return this.#queue.underWay();
  }

  touch(credential: string): void {
    this.#queue.addAfter(credential, Math.max(SETTLE, this.#untilNextLook(credential)));
  }

  forget(credential: string): void {
    this.#looks.delete(credential);
    this.#queue.forget(credential);
  }

  start(): void {
    this.#queue.start();
  }

  stop(): Promise<void> {
    return this.#queue.stop();
  }

  /** Milliseconds; negative when the last is longer ago. */
  #untilNextLook(credential: string): number {
    const last = this.#looks.get(credential)?.at ?? Number.NEGATIVE_INFINITY;
    return last + BETWEEN_LOOKS - this.#options.clock.monotonic();
  }

  #lastWrite(credential: string): number {
    return this.#looks.get(credential)?.written ?? Number.NEGATIVE_INFINITY;
  }

  #noteLook(credential: string, isWritten: boolean): void {
    const now = this.#options.clock.monotonic();
    const written = isWritten ? now : this.#lastWrite(credential);
    this.#looks.delete(credential);
    this.#looks.set(credential, { at: now, written });
    // The others may write at once, remembered or not. Some of them were forgotten while they were written.
    for (const [name, { at }] of this.#looks) {
      if (now - at < LONGEST_PAUSE) return;
      this.#looks.delete(name);
    }
  }

  async #handle(credential: string): Promise<void> {
    // It was touched while the last write was under way, when the time of that was not known.
    const early = this.#untilNextLook(credential);
    if (early > 0) return this.#queue.addAfter(credential, early);
    try {
      const since = this.#options.clock.monotonic() - this.#lastWrite(credential);
      const result = await this.#options.write(credential, since);
      if (result !== 'unchanged') this.#noteLook(credential, result === 'written');
      if (result === 'postponed') this.touch(credential);
      this.#queue.forget(credential);
    } catch (error) {
      this.#options.onError(credential, error);
      this.#queue.addRateLimited(credential, 'bulk', retryAfterOf(error));
    }
  }
}
