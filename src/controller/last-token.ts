// The last token of a fetch: how far its life has come, when it is to be renewed, and whether another one is better.

import type { Clock } from '../clock.ts';
import { ageOf, chanceOf, isOfTheFuture, renewalOf, turnsOf } from '../core/refresh.ts';
import type { Token } from '../core/token.ts';
import type { Fetched } from '../sources/source.ts';
import { type FailedFetch, failed } from '../sources/source-failure.ts';
import { Ageing } from './ageing.ts';
import type { Wishes } from './wishes.ts';

export type Age = ReturnType<typeof ageOf>;

const AT_ONCE = Number.NEGATIVE_INFINITY;
const NEVER = Number.POSITIVE_INFINITY;

export class LastToken {
  readonly #ageing: Ageing;
  #token: Token | undefined;
  #isOurs = false;

  /** `known`: of an earlier run, or of an earlier form of the same registry. */
  constructor(known: Token | undefined, clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#token = known;
    this.#ageing = new Ageing(clock);
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

  /** Milliseconds since the epoch; that of none has passed, and one that nobody tells never comes. */
  get endsAt(): number {
    return this.#token === undefined ? AT_ONCE : (this.#token.expiresAt ?? NEVER);
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

  /** Milliseconds since the epoch, by its life and by all schedules; at once what was never fetched for `key`. */
  renewalAt(key: string, wishes: Pick<Wishes, 'nextTime'>): number {
    const token = this.#token;
    if (token?.key !== key || isOfTheFuture(token, this.now())) return AT_ONCE;
    const byLife = renewalOf(token, chanceOf(token.key, token.fetchedAt));
    return Math.min(byLife ?? NEVER, wishes.nextTime(token.fetchedAt) ?? NEVER);
  }

  /** One that is over before it is there is no better than a living one, and only better than none. */
  take(key: string, fetched: Extract<Fetched, { ok: true }>, now: number): FailedFetch | undefined {
    const expiresAt = fetched.expiresAt?.getTime();
    const isOver = expiresAt !== undefined && expiresAt <= now;
    const isBetter = !isOver || (this.#token?.expiresAt ?? NEVER) <= expiresAt;
    if (isBetter || this.#token === undefined) {
      this.#ageing.begin();
      this.#token = { key, entries: fetched.entries, fetchedAt: now, expiresAt };
      this.#isOurs = true;
    }
    return isOver ? failed('TokenUnavailable', OVER) : undefined;
  }
}

const OVER =
  'the source gave a login that has already ended: compare the clocks of the node and of the source, and what life it gives';
