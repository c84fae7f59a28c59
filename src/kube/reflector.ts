// Keeps a sink true to one collection of the API server: a streamed list, then a watch,
// resumed for ever. Whatever fails, it says so, waits a little longer each time and goes on.

import type { Timer } from '../clock.ts';
import { backoffDelay } from './backoff.ts';
import { ApiError, RewoundError, TransportError } from './errors.ts';
import { FailureRow } from './failure-row.ts';
import { IdleWatchdog } from './idle-watchdog.ts';
import type { WatchEvent } from './kube-client.ts';
import { loggedFaults } from './logged-faults.ts';
import type { ReflectorOptions } from './reflector-options.ts';
import { explained, type Problem } from './reflector-problem.ts';
import { versionOfServer } from './version-of-server.ts';
import { unfinishedList, WatchProgress } from './watch-progress.ts';
import { WatchTime } from './watch-time.ts';

const BACKOFF = { first: 200, longest: 30_000 };

/** Milliseconds: an answer that does not begin ends sooner by the client's own time-outs. */
const OPENED_WITHIN = 55_000;

/** Milliseconds by which a watch may end before its time without having been cut short. */
const ON_TIME = 1_000;

/** Milliseconds; a watch that ends sooner and has said nothing is no progress. */
const TOO_SHORT = 5_000;

export class Reflector<R> {
  readonly #options: ReflectorOptions<R>;
  readonly #progress: WatchProgress<R>;
  readonly #time: WatchTime;
  #running: Promise<void> | undefined;
  #stopped = false;
  #attempt: AbortController | undefined;
  /** Its end is no failure. */
  #abandoned: AbortController | undefined;
  #pause: { readonly timer: Timer; readonly end: () => void } | undefined;
  #synced = false;
  #problem: Problem | undefined;
  readonly #failures = new FailureRow();
  /** The last failure was that of a history that had expired, and the list after it was no progress yet. */
  #expired = false;
  /** When the watch that runs, or ran last, was accepted, by the monotonic clock. */
  #opened: number | undefined;
  /** The last watch ended before its time, as when the API server itself does. */
  #cutShort = false;

  constructor(options: ReflectorOptions<R>) {
    this.#options = options;
    this.#time = new WatchTime(options.random, () => options.client.endsDeadWatches === true);
    this.#progress = new WatchProgress(
      options.sink,
      options.transform,
      loggedFaults(options.name, options.log),
    );
  }

  get name(): string {
    return this.#options.name;
  }

  /** The sink has had a complete list. Stays true while a watch is being resumed. */
  get synced(): boolean {
    return this.#synced;
  }

  /** What currently keeps it from following, or undefined. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Counts as never listed from now on, and lists at once. */
  relist(): void {
    this.#synced = false;
    this.#failures.end();
    this.#progress.restart();
    this.#beginAnew();
    this.#pause?.timer.cancel();
    this.#pause?.end();
  }

  /** What runs is ended without being a failure: it was asked for with what does not hold any more. */
  #beginAnew(): void {
    this.#abandoned = this.#attempt;
    this.#attempt?.abort();
  }

  /** Resolves when nothing more will reach the sink. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#attempt?.abort();
    this.#pause?.timer.cancel();
    this.#pause?.end();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const failure = await this.#follow();
      if (this.#stopped) return;
      this.#count(failure);
      if (failure === undefined) continue;
      this.#options.onFailure?.();
      const again = this.#expired && this.#failures.length > 1;
      this.#expired = this.#progress.loses(failure);
      if (this.#expired) this.#expire(failure);
      // A history that has expired is ordinary, above all after a failure; one that expires again at once is not.
      if (this.#expired && !again) continue;
      await this.#backOff(failure);
    }
  }

  /** A watch that was open for a while was no failure in a row. */
  #count(failure: Problem | undefined): void {
    const hadWatched = this.#options.clock.monotonic() - (this.#opened ?? Infinity) >= TOO_SHORT;
    if (failure === undefined || hadWatched) this.#failures.end();
    if (failure === undefined) return;
    this.#opened = undefined;
    this.#failures.add(failure, this.#problem);
  }

  #expire(failure: Problem): void {
    const { name, log, onRewound } = this.#options;
    log.info('the watch is too old, listing again', { reflector: name });
    if (failure instanceof RewoundError) onRewound?.();
  }

  /** One list or watch, to its end. Answers undefined for an ordinary end. */
  async #follow(): Promise<Problem | undefined> {
    const { clock, name } = this.#options;
    const attempt = new AbortController();
    this.#attempt = attempt;
    const began = clock.monotonic();
    let idle = false;
    const watchdog = new IdleWatchdog(OPENED_WITHIN, clock, () => {
      idle = true;
      attempt.abort();
    });
    try {
      const seconds = this.#time.next(this.#progress.listing);
      const frames = await this.#consume(seconds, attempt.signal, watchdog);
      if (this.#stopped || attempt.signal.aborted) return undefined;
      const lasted = clock.monotonic() - began;
      this.#cutShort = lasted < seconds * 1000 - ON_TIME;
      if (this.#progress.listing) {
        if (!this.#cutShort) this.#time.tooShort();
        return unfinishedList();
      }
      if (frames > 0 || lasted >= TOO_SHORT) return undefined;
      return new TransportError(`the watch of ${name} ended at once`);
    } catch (failure) {
      if (attempt === this.#abandoned) return undefined;
      if (idle) return new TransportError(`the watch of ${name} was silent for ${watchdog.limit / 1000} s`);
      return explained(failure, name, this.#progress.listing);
    } finally {
      watchdog.stop();
      this.#attempt = undefined;
    }
  }

  async #consume(seconds: number, signal: AbortSignal, watchdog: IdleWatchdog): Promise<number> {
    const { client, path, query } = this.#options;
    const resuming = !this.#progress.listing;
    if (resuming && (this.#failures.length > 0 || this.#cutShort))
      this.#progress.checkNotBehind(await versionOfServer(client, { path, query, signal }));
    this.#cutShort = false;
    const events = client.watch({
      path,
      query: { ...query, ...this.#progress.begin(), timeoutSeconds: String(seconds) },
      signal,
      // A list is well only when it is complete; a watch that is accepted goes on where it stopped.
      onOpen: () => {
        // Its time begins now: a server that is far away took long to get here.
        watchdog.restart(this.#time.silence(!resuming));
        if (!resuming) return;
        if (this.#time.isOnlyForList(seconds)) this.#beginAnew();
        this.#report(undefined);
        this.#opened = this.#options.clock.monotonic();
      },
    });
    let frames = 0;
    for await (const event of events) {
      if (this.#stopped || signal.aborted) break;
      watchdog.progress();
      frames++;
      const wasListing = this.#progress.listing;
      this.#take(event);
      if (this.#progress.listing) continue;
      // Its end would come too late to be the sign of life that a watch gives.
      if (this.#time.isOnlyForList(seconds)) break;
      if (wasListing) watchdog.restart(this.#time.silence(false));
    }
    return frames;
  }

  #take(event: WatchEvent): void {
    const complete = this.#progress.take(event);
    if (this.#progress.listing) return;
    // A list alone is no progress: were the watch after it to expire at once, we would list without a pause.
    if (!complete) this.#failures.end();
    this.#report(undefined);
    if (!complete || this.#synced) return;
    this.#synced = true;
    this.#options.onSynced?.();
  }

  async #backOff(failure: Problem): Promise<void> {
    const asked = failure instanceof ApiError ? (failure.retryAfter ?? 0) : 0;
    const delay = Math.max(asked, backoffDelay(this.#failures.length, BACKOFF, this.#options.random));
    this.#report(failure);
    await new Promise<void>(resolve => {
      this.#pause = { timer: this.#options.clock.setTimeout(resolve, delay), end: resolve };
    });
    this.#pause = undefined;
  }

  #report(problem: Problem | undefined): void {
    const { name, log, onProblem } = this.#options;
    const before = this.#problem;
    this.#problem = problem;
    if (problem?.message === before?.message) return;
    if (problem === undefined) log.info('the API server can be watched again', { reflector: name });
    else log.warn('could not watch the API server, will retry', { reflector: name, error: problem });
    onProblem?.(problem);
  }
}
