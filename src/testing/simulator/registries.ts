// The registries of a simulation: what one says to a login follows from its password, and comes after a while. Each
// process of the operator has a line to them of its own, and so it is known what that was told.

import type { Clock } from '../../clock.ts';
import type { LoginToCheck } from '../../registry/check-login.ts';
import { inconclusive, type Verdict } from '../../registry/verdict.ts';

const GOOD: Verdict = { outcome: 'verified', reason: 'LoginAccepted', message: 'the registry accepts it' };
const BAD: Verdict = { outcome: 'rejected', reason: 'LoginRejected', message: 'the registry rejects it' };

/** After how many rejections, or logins in a minute, a registry is left alone, so that logins go out untried. */
const MOST_REJECTIONS = 3;
const MOST_REJECTIONS_OF_ALL = 5;
const MOST_ASKED = 10;

/** Answers that come shortly one after the other go out at once. */
const TAKEN_IN = 2_000;

const numberIn = (password: string): number => Number(/<(\d+)>/.exec(password)?.[1] ?? 0) % 10;

/** Whether every registry says no to it. */
export const isRejected = (password: string): boolean => numberIn(password) === 7;

/** The verdict, and after how many milliseconds it comes. */
function answerTo(password: string): [Verdict, number] {
  if (isRejected(password)) return [BAD, 700];
  if (numberIn(password) === 6) return [inconclusive('Unreachable', 'could not reach the registry'), 10];
  if (numberIn(password) === 5) return [inconclusive('Timeout', 'the registry did not answer'), 30_000];
  return [GOOD, 10 + 130 * numberIn(password)];
}

export type Told = 'nothing' | 'no' | 'anything else';

export class Registries {
  readonly #clock: Clock;
  readonly #told = new Map<string, Told>();
  readonly #rejectionsOf = new Map<string, number>();
  readonly #toldAt = new Map<string, number>();
  #asked = 0;
  #rejections = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What this process was told of a "username:password" so far; undefined once it may not ask for every login any more. */
  told(login: string): Told | undefined {
    const asks = this.#rejections < MOST_REJECTIONS && this.#asked < MOST_ASKED;
    return asks ? (this.#told.get(login) ?? 'nothing') : undefined;
  }

  /** Whether this process may still wait for a word on it, or not have acted on that. */
  isTrying(login: string): boolean {
    return this.#clock.monotonic() - (this.#toldAt.get(login) ?? Number.POSITIVE_INFINITY) < TAKEN_IN;
  }

  /** Users whose logins may be kept back untried, for such were rejected. */
  get suspects(): readonly string[] {
    const most = this.#rejections >= MOST_REJECTIONS_OF_ALL ? 1 : MOST_REJECTIONS;
    return [...this.#rejectionsOf].filter(([, count]) => count >= most).map(([username]) => username);
  }

  #reject(username: string): void {
    this.#rejections++;
    this.#rejectionsOf.set(username, (this.#rejectionsOf.get(username) ?? 0) + 1);
  }

  check({ username, password }: LoginToCheck): Promise<Verdict> {
    const [verdict, wait] = answerTo(password);
    this.#asked++;
    return new Promise(resolve => {
      this.#clock.setTimeout(() => {
        this.#told.set(`${username}:${password}`, verdict === BAD ? 'no' : 'anything else');
        this.#toldAt.set(`${username}:${password}`, this.#clock.monotonic());
        if (verdict === BAD) this.#reject(username);
        resolve(verdict);
      }, wait);
    });
  }
}
