// One token: fetched in the background when it is due, never twice at once, and again with growing pauses where that
// fails. What it gave last stays until there is better.

import type { Random, Timer } from '../clock.ts';
import { chanceOf, renewalOf } from '../core/refresh.ts';
import type { Token } from '../core/token.ts';
import { backoffDelay } from '../kube/backoff.ts';
import type { Limiter } from '../kube/limiter.ts';
import type { Redactor } from '../redactor.ts';
import type { Fetched } from '../sources/source.ts';
import { type FailedFetch, failed } from '../sources/source-failure.ts';
import { type AskContext, askSource, type Wanted } from './ask-source.ts';

export interface TokenFetchContext extends AskContext {
  readonly random: Random;
  readonly redactor: Pick<Redactor, 'learn' | 'forget'>;
  /** How many are asked at the same time. */
  readonly limiter: Pick<Limiter, 'run'>;
  /** `result` is "success" or the reason of the failure. */
  readonly observe: (source: string, result: string) => void;
}

export interface Standing {
  /** The last one that it gave, or that was known before; undefined while there was none. */
  readonly token: Token | undefined;
  /** Why there is none, or no newer one. */
  readonly failure: FailedFetch | undefined;
  /** It is being asked, and has not answered yet since the operator started. */
  readonly isAwaited: boolean;
  /** By the monotonic clock. */
  readonly begunAt: number;
  /** Milliseconds since the epoch; undefined while it fails, and where the token does not end. */
  readonly renewalAt: number | undefined;
}

/** Milliseconds. */
const BACKOFF = { first: 5_000, longest: 300_000 };
/** However long somebody asks to be left alone, the token in use goes on ageing. */
const LONGEST_LEFT_ALONE = 3_600_000;
/** So often the wall clock is looked at: somebody may set it, and it goes on while a machine sleeps. */
const LONGEST_NAP = 60_000;

export class TokenFetch {
  readonly #wanted: Wanted;
  readonly #context: TokenFetchContext;
  /** Something is to be said anew. */
  readonly #changed: () => void;
  readonly #begunAt: number;
  #token: Token | undefined;
  #failure: FailedFetch | undefined;
  #failures = 0;
  #hasAnswered = false;
  /** By the monotonic clock, in case the other is set back. */
  #dueAt: number;
  #timer: Timer | undefined;
  #running: AbortController | undefined;
  /** What the fetches told of, the last one and the one before: of that token Secrets are still full. */
  #learned: readonly [now: string[], before: string[]] = [[], []];

  /** `known`: what an earlier run, or an earlier form of the same registry, has given. */
  constructor(wanted: Wanted, known: Token | undefined, context: TokenFetchContext, changed: () => void) {
    this.#wanted = wanted;
    this.#context = context;
    this.#changed = changed;
    this.#token = known;
    this.#begunAt = context.clock.monotonic();
    this.#dueAt = this.#begunAt + this.#untilRenewal();
    this.#look();
  }

  get standing(): Standing {
    return {
      token: this.#token,
      failure: this.#failure,
      isAwaited: !this.#hasAnswered && this.#running !== undefined,
      begunAt: this.#begunAt,
      renewalAt: this.#failure === undefined ? this.#renewalAt() : undefined,
    };
  }

  stop(): void {
    this.#timer?.cancel();
    this.#running?.abort();
    for (const secret of this.#learned.flat()) this.#context.redactor.forget(secret);
    this.#learned = [[], []];
  }

  #renewalAt(): number | undefined {
    const token = this.#token;
    return token && renewalOf(token, chanceOf(token.key, token.fetchedAt));
  }

  /** Milliseconds; none for what was never fetched with these words. */
  #untilRenewal(): number {
    if (this.#token?.key !== this.#wanted.key) return 0;
    return Math.max(0, (this.#renewalAt() ?? Number.POSITIVE_INFINITY) - this.#context.clock.now());
  }

  /** Fetches if it is due, and else looks again when it may be. */
  #look(): void {
    this.#timer?.cancel();
    if (this.#running !== undefined) return;
    const { clock } = this.#context;
    // After a failure the wall clock says nothing: the pause counts.
    const planned = this.#failure === undefined ? this.#untilRenewal() : Number.POSITIVE_INFINITY;
    const wait = Math.min(planned, this.#dueAt - clock.monotonic());
    if (wait <= 0) void this.#fetch();
    else this.#timer = clock.setTimeout(() => this.#look(), Math.min(wait, LONGEST_NAP));
  }

  async #fetch(): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    const { limiter } = this.#context;
    const ask = (): Promise<Fetched> => this.#ask(running);
    const fetched = await limiter.run(ask, { signal: running.signal }).catch(() => undefined);
    // Stopped: nobody waits for it any longer.
    if (fetched === undefined) return;
    this.#running = undefined;
    this.#hasAnswered = true;
    this.#settle(fetched);
    this.#look();
    this.#changed();
  }

  #ask(running: AbortController): Promise<Fetched> {
    const { redactor } = this.#context;
    const [now, before] = this.#learned;
    for (const secret of before) redactor.forget(secret);
    this.#learned = [[], now];
    const learn = (secret: string): void => {
      if (running.signal.aborted) return;
      redactor.learn(secret);
      this.#learned[0].push(secret);
    };
    return askSource(this.#wanted, this.#context, learn, running);
  }

  #settle(fetched: Fetched): void {
    const { clock, observe, log } = this.#context;
    const { key, source } = this.#wanted;
    const failure = fetched.ok ? this.#take(fetched, clock.now()) : fetched;
    observe(source.kind, failure?.reason ?? 'success');
    this.#failure = failure;
    if (failure === undefined) {
      this.#failures = 0;
      this.#dueAt = clock.monotonic() + this.#untilRenewal();
      const { expiresAt } = this.#token ?? {};
      log.info('fetched a login', { source: source.kind, fetch: key.slice(0, 8), expiresAt: iso(expiresAt) });
      return;
    }
    this.#failures += 1;
    const pause = this.#pause(failure);
    this.#dueAt = clock.monotonic() + pause;
    const { reason, message } = failure;
    const seconds = Math.round(pause / 1000);
    log.warn('could not fetch a login, will retry', { source: source.kind, reason, message, seconds });
  }

  #pause({ retryAfter = 0 }: FailedFetch): number {
    const pause = backoffDelay(this.#failures, BACKOFF, this.#context.random);
    return Math.max(pause, Math.min(retryAfter, LONGEST_LEFT_ALONE));
  }

  /** One that is over before it is there is no better than a living one, and only better than none. */
  #take(fetched: Extract<Fetched, { ok: true }>, now: number): FailedFetch | undefined {
    const expiresAt = fetched.expiresAt?.getTime();
    const isOver = expiresAt !== undefined && expiresAt <= now;
    const isBetter = !isOver || (this.#token?.expiresAt ?? Number.POSITIVE_INFINITY) <= expiresAt;
    if (isBetter || this.#token === undefined)
      this.#token = { key: this.#wanted.key, entries: fetched.entries, fetchedAt: now, expiresAt };
    return isOver ? failed('TokenUnavailable', OVER) : undefined;
  }
}

const OVER =
  'the source gave a login that has already ended: compare the clocks of the node and of the source, and what life it gives';

const iso = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();
