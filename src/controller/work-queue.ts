// A queue of keys, not of events: a key that is added ten times is handled once,
// never twice at the same time, and again if it was added while it was handled.

import type { Clock, Random, Timer } from '../clock.ts';
import type { Priority } from '../kube/limiter.ts';
import type { QueueLook, QueueMetrics } from '../metrics/queues.ts';

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds before the first and at most before any retry. */
  readonly backoff: { readonly first: number; readonly most: number };
  /** How many keys are handled at the same time. */
  readonly workers: number;
  /** How many urgent ones besides, so that none waits for a key of the bulk to be done. Default: 0. */
  readonly urgentWorkers?: number;
  readonly metrics?: QueueMetrics;
  /** Must not throw: what fails is its to retry by `addRateLimited`. */
  readonly handle: (key: string, priority: Priority) => Promise<void>;
}

/** Then it is the turn of one of the bulk, if any waits: it must come to its end in any storm. */
const MOST_URGENT_IN_ROW = 32;

/**
 * Then everybody else has a turn. After a restart there is nothing to do for ten thousand keys, so none of them waits
 * for anything, and nothing else would be heard until the last. With many RegistryCredentials each takes longer, so
 * what counts is the time too, in milliseconds, that keys took until they waited.
 */
const MOST_WITHOUT_REST = { keys: 200, busy: 10 };

export class WorkQueue implements QueueLook {
  readonly #options: WorkQueueOptions;
  /** Key -> since when, by the monotonic clock; so in both. */
  readonly #waiting: Record<Priority, Map<string, number>> = { urgent: new Map(), bulk: new Map() };
  readonly #handling = new Map<string, number>();
  readonly #addedMeanwhile = new Map<string, Priority>();
  readonly #timers = new Map<string, { timer: Timer; at: number }>();
  readonly #retries = new Map<string, number>();
  /** Until when the API server asked to be left alone with a key, by the monotonic clock. */
  readonly #notBefore = new Map<string, number>();
  #urgentInRow = 0;
  #sinceRest = { keys: 0, busy: 0 };
  #rest: Timer | undefined;
  #idle: (() => void) | undefined;
  #state: 'paused' | 'working' | 'stopped' = 'paused';

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  /** Keys that wait, timers apart. */
  get depth(): number {
    return this.#waiting.urgent.size + this.#waiting.bulk.size;
  }

  underWay(): number[] {
    const now = this.#options.clock.monotonic();
    return [...this.#handling.values()].map(began => (now - began) / 1000);
  }

  /** How often the key was retried since it was last forgotten. */
  retries(key: string): number {
    return this.#retries.get(key) ?? 0;
  }

  add(key: string, priority: Priority = 'bulk'): void {
    if (this.#state === 'stopped') return;
    const notBefore = this.#notBefore.get(key);
    if (notBefore !== undefined) {
      const left = notBefore - this.#options.clock.monotonic();
      if (left > 0) {
        this.addAfter(key, left, priority);
        return;
      }
      this.#notBefore.delete(key);
    }
    if (this.#handling.has(key)) {
      if (this.#addedMeanwhile.get(key) !== 'urgent') this.#addedMeanwhile.set(key, priority);
      return;
    }
    if (this.#waiting.urgent.has(key) || this.#waiting[priority].has(key)) return;
    // One that is promoted was counted already.
    const since = this.#waiting.bulk.get(key);
    if (since === undefined) this.#options.metrics?.added();
    else this.#waiting.bulk.delete(key);
    this.#waiting[priority].set(key, since ?? this.#options.clock.monotonic());
    this.#work();
  }

  /** Adds the key in `milliseconds`, or when it was to be added anyway if that is sooner. */
  addAfter(key: string, milliseconds: number, priority: Priority = 'bulk'): void {
    if (this.#state === 'stopped') return;
    const at = this.#options.clock.monotonic() + milliseconds;
    const pending = this.#timers.get(key);
    if (pending !== undefined && pending.at <= at) return;
    pending?.timer.cancel();
    const timer = this.#options.clock.setTimeout(() => {
      this.#timers.delete(key);
      this.add(key, priority);
    }, milliseconds);
    this.#timers.set(key, { timer, at });
  }

  /**
   * Doubles the delay with every call until the key is forgotten; jitter of a quarter keeps keys apart.
   * Whatever happens, the key is not handled before `atLeast` milliseconds have passed.
   */
  addRateLimited(key: string, priority: Priority = 'bulk', atLeast = 0): void {
    const retries = this.retries(key);
    this.#retries.set(key, retries + 1);
    this.#options.metrics?.retried();
    const { first, most } = this.#options.backoff;
    const delay = Math.min(first * 2 ** Math.min(retries, 30), most);
    if (atLeast > 0) this.#leaveAlone(key, atLeast);
    this.addAfter(key, Math.max(atLeast, delay * (0.75 + this.#options.random() / 4)), priority);
  }

  #leaveAlone(key: string, milliseconds: number): void {
    this.#notBefore.set(key, this.#options.clock.monotonic() + milliseconds);
    this.#waiting.urgent.delete(key);
    this.#waiting.bulk.delete(key);
  }

  /** The key is well: its next retry starts from the shortest delay. */
  forget(key: string): void {
    this.#retries.delete(key);
    this.#notBefore.delete(key);
  }

  /** Until then keys are taken and wait. */
  start(): void {
    if (this.#state === 'paused') this.#state = 'working';
    this.#work();
  }

  /** Takes nothing new and resolves when what is being handled is done. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    for (const { timer } of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    this.#rest?.cancel();
    this.#waiting.urgent.clear();
    this.#waiting.bulk.clear();
    if (this.#handling.size > 0) await new Promise<void>(resolve => (this.#idle = resolve));
  }

  #work(): void {
    while (this.#state === 'working' && this.#rest === undefined) {
      const priority = this.#nextPriority();
      const [next] = priority === undefined ? [] : this.#waiting[priority];
      if (priority === undefined || next === undefined) return;
      const [key, since] = next;
      if (this.#isRestDue()) {
        this.#takeRest();
        return;
      }
      this.#waiting[priority].delete(key);
      this.#urgentInRow = priority === 'urgent' ? this.#urgentInRow + 1 : 0;
      const began = this.#options.clock.monotonic();
      this.#handling.set(key, began);
      this.#options.metrics?.started((began - since) / 1000);
      void this.#options.handle(key, priority).finally(() => this.#done(key));
      this.#sinceRest.keys++;
      this.#sinceRest.busy += this.#options.clock.monotonic() - began;
    }
  }

  #isRestDue(): boolean {
    const { keys, busy } = this.#sinceRest;
    return keys >= MOST_WITHOUT_REST.keys || busy >= MOST_WITHOUT_REST.busy;
  }

  #takeRest(): void {
    this.#rest = this.#options.clock.setTimeout(() => {
      this.#rest = undefined;
      this.#sinceRest = { keys: 0, busy: 0 };
      this.#work();
    }, 0);
  }

  /** Of the key that is handled next; undefined when none is to be. */
  #nextPriority(): Priority | undefined {
    const { workers, urgentWorkers = 0 } = this.#options;
    const { urgent, bulk } = this.#waiting;
    const isBulkNext = urgent.size === 0 || this.#urgentInRow >= MOST_URGENT_IN_ROW;
    if (isBulkNext && bulk.size > 0 && this.#handling.size < workers) return 'bulk';
    return urgent.size > 0 && this.#handling.size < workers + urgentWorkers ? 'urgent' : undefined;
  }

  #done(key: string): void {
    const now = this.#options.clock.monotonic();
    this.#options.metrics?.finished((now - (this.#handling.get(key) ?? now)) / 1000);
    this.#handling.delete(key);
    const priority = this.#addedMeanwhile.get(key);
    this.#addedMeanwhile.delete(key);
    if (priority !== undefined) this.add(key, priority);
    this.#work();
    if (this.#handling.size === 0) this.#idle?.();
  }
}
