// When status is written: a moment after something changed, so that what changes
// together is said once, and at most once a second for one RegistryCredential.

import type { Clock, Random } from '../clock.ts';
import { retryAfterOf } from '../kube/errors.ts';
import type { QueueLook, QueueMetrics } from '../metrics/queues.ts';
import { WorkQueue } from './work-queue.ts';

export interface StatusQueueOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: QueueMetrics;
  /** Returns whether something was written; what it throws is retried. */
  readonly write: (credential: string) => Promise<boolean>;
  readonly onError: (credential: string, error: unknown) => void;
}

/** Milliseconds. */
const SETTLE = 150;
const BETWEEN_WRITES = 1_000;
const BACKOFF = { first: 500, most: 30_000 };

export class StatusQueue implements QueueLook {
  readonly #options: StatusQueueOptions;
  readonly #queue: WorkQueue;
  /** RegistryCredential -> when its status was last written, if that was a moment ago; the oldest first. */
  readonly #written = new Map<string, number>();

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
    this.#queue.addAfter(credential, Math.max(SETTLE, this.#untilNextWrite(credential)));
  }

  forget(credential: string): void {
    this.#written.delete(credential);
    this.#queue.forget(credential);
  }

  start(): void {
    this.#queue.start();
  }

  stop(): Promise<void> {
    return this.#queue.stop();
  }

  /** Milliseconds; negative when the last write is longer ago. */
  #untilNextWrite(credential: string): number {
    const last = this.#written.get(credential) ?? Number.NEGATIVE_INFINITY;
    return last + BETWEEN_WRITES - this.#options.clock.monotonic();
  }

  #noteWrite(credential: string): void {
    const now = this.#options.clock.monotonic();
    this.#written.delete(credential);
    this.#written.set(credential, now);
    // The others may write at once, remembered or not. Some of them were forgotten while they were written.
    for (const [name, at] of this.#written) {
      if (now - at < BETWEEN_WRITES) return;
      this.#written.delete(name);
    }
  }

  async #handle(credential: string): Promise<void> {
    // It was touched while the last write was under way, when the time of that was not known.
    const early = this.#untilNextWrite(credential);
    if (early > 0) return this.#queue.addAfter(credential, early);
    try {
      if (await this.#options.write(credential)) this.#noteWrite(credential);
      this.#queue.forget(credential);
    } catch (error) {
      this.#options.onError(credential, error);
      this.#queue.addRateLimited(credential, 'bulk', retryAfterOf(error));
    }
  }
}
