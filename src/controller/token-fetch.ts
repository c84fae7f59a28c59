// One token: fetched in the background when it is due, never twice at once, and again with growing pauses where that
// fails. What it gave last stays until there is better.

import type { Random, Timer } from '../clock.ts';
import type { Token } from '../core/token.ts';
import type { Redactor } from '../redactor.ts';
import type { Fetched } from '../sources/source.ts';
import type { FailedFetch } from '../sources/source-failure.ts';
import { type AskContext, askSource, type Wanted } from './ask-source.ts';
import { pauseAfter } from './fetch-pause.ts';
import type { FetchPlaces } from './fetch-places.ts';
import { type Age, endOf, LastToken } from './last-token.ts';
import { LearnedSecrets } from './learned-secrets.ts';
import { type Wish, Wishes } from './wishes.ts';

export interface TokenFetchContext extends AskContext {
  readonly random: Random;
  readonly redactor: Pick<Redactor, 'learn' | 'forget'>;
  /** How many are asked at the same time, and who first. */
  readonly places: Pick<FetchPlaces, 'run'>;
  /** `result` is "success" or the reason of the failure. */
  readonly observe: (source: string, result: string) => void;
}

export interface Standing {
  /** The last one that it gave, or that was known before; undefined while there was none. */
  readonly token: Token | undefined;
  /** Its source gave it since the operator started. */
  readonly isOurs: boolean;
  /** Why there is none, or no newer one. */
  readonly failure: FailedFetch | undefined;
  /** It is being asked, and has not answered yet since the operator started. */
  readonly isAwaited: boolean;
  /** By the monotonic clock. */
  readonly begunAt: number;
  /** Milliseconds since the epoch; undefined while it fails, and where nothing has it fetched again. */
  readonly renewalAt: number | undefined;
  readonly age: Age;
  /** It is due for longer than an answer may take: others are asked first. */
  readonly isLate: boolean;
  /** A fetch that began after the request has come to its end. */
  readonly isFulfilled: boolean;
}

/** Milliseconds. So often the wall clock is looked at: somebody may set it, and it goes on while a machine sleeps. */
const LONGEST_NAP = 60_000;
/** Milliseconds: an answer may take 30 s. */
const LATE = 35_000;

export class TokenFetch {
  readonly #wanted: Wanted;
  readonly #context: TokenFetchContext;
  /** Something is to be said anew to this RegistryCredential. */
  readonly #wake: (credential: string) => void;
  readonly #wishes = new Wishes();
  readonly #begunAt: number;
  readonly #last: LastToken;
  /** An earlier run may have written a newer one. */
  #isDoubted = false;
  #failure: FailedFetch | undefined;
  #failures = 0;
  /** How many fetches have begun, and how many of them have come to their end. */
  #begun = 0;
  #ended = 0;
  /** Milliseconds since the epoch; infinite where nothing has it fetched again. */
  #renewalAt = AT_ONCE;
  /** The end of the pause after a failure, by the monotonic clock. */
  #pauseEndsAt = 0;
  #timer: Timer | undefined;
  #running: AbortController | undefined;
  /** When that became due, by the monotonic clock. */
  #runningSince = 0;
  #isStopped = false;
  /** What was said of its age: nothing while it is renewed in time. */
  #told: Age | 'renewed' = 'renewed';
  readonly #learned: LearnedSecrets;

  /** Nothing happens before a wish. */
  constructor(wanted: Wanted, context: TokenFetchContext, wake: (credential: string) => void) {
    this.#wanted = wanted;
    this.#context = context;
    this.#wake = wake;
    this.#last = new LastToken(wanted.key, context.clock);
    this.#learned = new LearnedSecrets(context.redactor);
    this.#begunAt = context.clock.monotonic();
  }

  /** From now on it is kept fresh for this RegistryCredential too. `known`: what that has of it from an earlier run. */
  wish(credential: string, wish: Wish, known: Token | undefined): void {
    const isNewer = this.#last.know(known);
    this.#wishes.servedUntil(credential, endOf(known));
    if (!this.#wishes.note(credential, wish, this.#begun) && !isNewer) return;
    this.#plan();
    this.#look();
    if (isNewer) this.#wakeAll(credential);
  }

  /** Returns whether that leaves nobody who wants it. */
  unwish(credential: string): boolean {
    if (!this.#wishes.has(credential)) return false;
    if (this.#wishes.forget(credential)) return true;
    this.#plan();
    this.#look();
    return false;
  }

  /** A Secret holds a login that may be newer. Returns whether an answer is on its way, neither late nor after a failure. */
  doubt(): boolean {
    if (!this.#isDoubted && !this.#last.isOurs) {
      this.#isDoubted = true;
      this.#plan();
      this.#look();
    }
    return this.#running !== undefined && this.#failure === undefined && this.#untilLate() > 0;
  }

  standingFor(credential: string): Standing {
    const isPlanned = this.#failure === undefined && Number.isFinite(this.#renewalAt);
    return {
      token: this.#last.token,
      isOurs: this.#last.isOurs,
      failure: this.#failure,
      isAwaited: this.#ended === 0 && this.#running !== undefined,
      begunAt: this.#begunAt,
      renewalAt: isPlanned ? this.#renewalAt : undefined,
      age: this.#last.age(),
      isLate: this.#untilLate() <= 0,
      isFulfilled: this.#wishes.isFulfilled(credential, this.#ended),
    };
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#running?.abort();
    this.#learned.forgetAll();
  }

  /** By the token and by all wishes; while it fails its pauses count. */
  #plan(): void {
    if (this.#failure !== undefined) return;
    const isOpen = this.#isDoubted && !this.#last.isOurs;
    this.#renewalAt = isOpen ? AT_ONCE : this.#last.renewalAt(this.#wishes);
  }

  /** Fetches if it is due, and else looks again when it may be, or when the token is about to end or has ended. */
  #look(): void {
    this.#timer?.cancel();
    this.#tellAge();
    if (this.#running === undefined && this.#untilDue() <= 0) void this.#fetch();
    const turns = [...this.#last.untilTurns(), this.#untilLate()].filter(wait => wait > 0);
    const wait = Math.min(LONGEST_NAP, ...turns, this.#running ? LONGEST_NAP : this.#untilDue());
    this.#timer = this.#context.clock.setTimeout(() => this.#look(), wait);
  }

  /** Milliseconds. After a failure only its pause counts, unless somebody is in a hurry. */
  #untilDue(): number {
    if (this.#wishes.isPending(this.#begun)) return 0;
    if (this.#failure === undefined) return this.#renewalAt - this.#last.now();
    return this.#pauseEndsAt - this.#context.clock.monotonic();
  }

  /** Milliseconds; infinite where it is not being asked. */
  #untilLate(): number {
    if (this.#running === undefined) return Number.POSITIVE_INFINITY;
    return this.#runningSince + LATE - this.#context.clock.monotonic();
  }

  /** Of what its users have meanwhile. */
  get #endsAt(): number {
    return this.#last.token === undefined ? this.#wishes.endsAt : endOf(this.#last.token);
  }

  #ageToTell(): Age | 'renewed' {
    return this.#failure !== undefined || this.#untilLate() <= 0 ? this.#last.age() : 'renewed';
  }

  #tellAge(): void {
    const age = this.#ageToTell();
    if (age !== this.#told) this.#wakeAll();
    this.#told = age;
  }

  #wakeAll(but?: string): void {
    for (const credential of this.#wishes.credentials) if (credential !== but) this.#wake(credential);
  }

  async #fetch(): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    this.#runningSince = this.#context.clock.monotonic();
    const turn = {
      asked: this.#wanted.source.asks(this.#wanted.registry),
      isFailing: this.#failure !== undefined,
      isUrgent: () => this.#wishes.isPending(this.#begun),
      endsAt: this.#endsAt,
      signal: running.signal,
    };
    const asking = this.#context.places.run(() => this.#ask(running), turn);
    const fetched = await asking.catch(() => undefined);
    // Nobody waits for it any longer.
    if (fetched === undefined || this.#isStopped) return;
    this.#running = undefined;
    this.#ended = this.#begun;
    this.#settle(fetched);
    this.#told = this.#ageToTell();
    this.#look();
    this.#wakeAll();
  }

  #ask(running: AbortController): Promise<Fetched> {
    // Not before: what is wished for while it waits for its place, it fulfils.
    this.#begun += 1;
    this.#learned.turn();
    const learn = (secret: string): void => {
      if (!running.signal.aborted) this.#learned.learn(secret);
    };
    return askSource(this.#wanted, this.#context, learn, running);
  }

  #settle(fetched: Fetched): void {
    const { clock, observe, log } = this.#context;
    const { key, source } = this.#wanted;
    const failure = fetched.ok ? this.#last.take(fetched, clock.now()) : fetched;
    observe(source.kind, failure?.reason ?? 'success');
    this.#failure = failure;
    if (failure === undefined) {
      this.#failures = 0;
      this.#plan();
      const { expiresAt } = this.#last;
      log.info('fetched a login', { source: source.kind, fetch: key.slice(0, 8), expiresAt });
      return;
    }
    this.#failures += 1;
    const pause = this.#pause(failure);
    this.#pauseEndsAt = clock.monotonic() + pause;
    const { reason, message } = failure;
    const fields = { source: source.kind, reason, message, seconds: Math.round(pause / 1000) };
    log.warn('could not fetch a login, will retry', fields);
  }

  #pause({ retryAfter = 0 }: FailedFetch): number {
    const left = this.#endsAt - this.#last.now();
    return pauseAfter(this.#failures, retryAfter, left, this.#context.random);
  }
}

const AT_ONCE = Number.NEGATIVE_INFINITY;
