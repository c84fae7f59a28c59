// The last token of a fetch: how far its life has come, when it is to be renewed, and whether another one is better.

import type { Clock } from '../clock.ts';
import { ageOf, isOfTheFuture, renewalOfToken, turnsOf } from '../core/refresh.ts';
import type { Token } from '../core/token.ts';
import type { Fetched } from '../sources/source.ts';
import { type FailedFetch, failed } from '../sources/source-failure.ts';
import { Ageing } from './ageing.ts';
import type { Wishes } from './wishes.ts';

export type Age = ReturnType<typeof ageOf>;

const AT_ONCE = Number.NEGATIVE_INFINITY;
const NEVER = Number.POSITIVE_INFINITY;

/** Milliseconds since the epoch; that of none has passed, since somebody waits for a first one. */
export const endOf = (token: Token | undefined): number =>
  token === undefined ? AT_ONCE : (token.expiresAt ?? NEVER);

export class LastToken {
  readonly #key: string;
  readonly #ageing: Ageing;
  #token: Token | undefined;
  #isOurs = false;

  /** Only what was fetched for `key` comes in here: all who ask for that get it. */
  constructor(key: string, clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#key = key;
    this.#ageing = new Ageing(clock);
  }

  /** Of an earlier run: of all that were fetched for this the newest counts. Returns whether it is that. */
  know(known: Token | undefined): boolean {
    if (known?.key !== this.#key || this.#isOurs) return false;
    if (this.#token !== undefined && this.#token.fetchedAt >= known.fetchedAt) return false;
    this.#ageing.begin();
    this.#token = known;
    return true;
  }

  /** Undefined while there was none. */
  get token(): Token | undefined {
    return this.#token;
  }

  /** Its source gave it to us: an earlier run can have written no newer one. */
  get isOurs(): boolean {
    return this.#isOurs;
  }

  /** Milliseconds since the epoch, by the clock by which it ages. */
  now(): number {
    return this.#ageing.now();
  }

  age(): Age {
    return this.#token === undefined ? 'living' : ageOf(this.#token, this.now());
  }

  /** As the log has it; undefined where nobody says. */
  get expiresAt(): string | undefined {
    const end = this.#token?.expiresAt;
    return end === undefined ? undefined : new Date(end).toISOString();
  }

  /** Milliseconds after which there is something else to say of its age. */
  untilTurns(): readonly number[] {
    const now = this.now();
    return (this.#token === undefined ? [] : turnsOf(this.#token))
      .map(turn => turn - now)
      .filter(wait => wait > 0);
  }

  /** Milliseconds since the epoch, by its life and by all schedules; at once where there is none. */
  renewalAt(wishes: Pick<Wishes, 'nextTime'>): number {
    const token = this.#token;
    if (token === undefined || isOfTheFuture(token, this.now())) return AT_ONCE;
    const byLife = renewalOfToken(token);
    return Math.min(byLife ?? NEVER, wishes.nextTime(token.fetchedAt) ?? NEVER);
  }

  /** One that is over before it is there is no better than a living one, and only better than none. */
  take(fetched: Extract<Fetched, { ok: true }>, now: number): FailedFetch | undefined {
    const expiresAt = fetched.expiresAt?.getTime();
    // Nobody could say when to renew it.
    if (Number.isNaN(expiresAt)) return failed('TokenUnavailable', NO_END);
    const isOver = expiresAt !== undefined && expiresAt <= now;
    const isBetter = !isOver || (this.#token?.expiresAt ?? NEVER) <= expiresAt;
    if (isBetter || this.#token === undefined) {
      this.#ageing.begin();
      this.#token = { key: this.#key, entries: fetched.entries, fetchedAt: now, expiresAt };
      this.#isOurs = true;
    }
    return isOver ? failed('TokenUnavailable', OVER) : undefined;
  }
}

const NO_END = 'the source says that its login ends at a time that is none: see what answers in its place';
const OVER =
  'the source gave a login that has already ended: compare the clocks of the node and of the source, and what life it gives';
