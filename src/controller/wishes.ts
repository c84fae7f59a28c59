// What the RegistryCredentials that share a token want besides: times of a schedule, and a fetch at once.

import type { Schedule } from '../core/schedule.ts';

export interface Wish {
  /** A token from before a time of it is to be fetched again at that time. */
  readonly schedule: Schedule | undefined;
  /** Each new value is worth one fetch. */
  readonly request: string | undefined;
}

interface Noted extends Wish {
  /** The number of the fetch that fulfils the request: the first that begins after it was made. */
  readonly by: number;
}

export class Wishes {
  readonly #byCredential = new Map<string, Noted>();
  readonly #ends = new Map<string, number>();

  /** `begun`: so many fetches have begun. Returns whether anything is new. */
  note(credential: string, { schedule, request }: Wish, begun: number): boolean {
    const before = this.#byCredential.get(credential);
    if (before !== undefined && before.schedule === schedule && before.request === request) return false;
    const isAsked = request !== undefined && request !== before?.request;
    const by = isAsked ? begun + 1 : request === undefined ? 0 : (before?.by ?? 0);
    this.#byCredential.set(credential, { schedule, request, by });
    return true;
  }

  /** The login that it has meanwhile ends then, in milliseconds since the epoch. */
  servedUntil(credential: string, end: number): void {
    this.#ends.set(credential, end);
  }

  /** When the first of them ends. */
  get endsAt(): number {
    return Math.min(...this.#ends.values());
  }

  /** Returns whether that leaves nobody. */
  forget(credential: string): boolean {
    this.#ends.delete(credential);
    this.#byCredential.delete(credential);
    return this.#byCredential.size === 0;
  }

  has(credential: string): boolean {
    return this.#byCredential.has(credential);
  }

  get credentials(): Iterable<string> {
    return this.#byCredential.keys();
  }

  /** Somebody waits for a fetch that is yet to begin. */
  isPending(begun: number): boolean {
    return [...this.#byCredential.values()].some(({ by }) => by > begun);
  }

  isFulfilled(credential: string, ended: number): boolean {
    return (this.#byCredential.get(credential)?.by ?? 0) <= ended;
  }

  /** The first time of any schedule after this one, both in milliseconds since the epoch. */
  nextTime(after: number): number | undefined {
    const times = [...this.#byCredential.values()].flatMap(({ schedule }) => schedule?.next(after) ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }
}
