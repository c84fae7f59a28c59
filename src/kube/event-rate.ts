// How many Events one object may cause: a controller that fights with another would
// otherwise fill etcd. A bucket of tokens for each object.

/** As client-go has it: enough for a bad day, and then one in five minutes. */
const BURST = 25;
/** Milliseconds for a token to come back. */
const REFILL = 5 * 60_000;
/** Objects that are remembered; whoever is forgotten begins with a full bucket. */
const MOST = 1_000;

interface Bucket {
  readonly tokens: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export class EventRate {
  /** The least recently used first. */
  readonly #buckets = new Map<string, Bucket>();

  /** Takes a token, if there is one. */
  take(object: string, now: number): boolean {
    const { tokens, at } = this.#buckets.get(object) ?? { tokens: BURST, at: now };
    const filled = Math.min(BURST, tokens + Math.max(0, now - at) / REFILL);
    const granted = filled >= 1;
    this.#buckets.delete(object);
    this.#buckets.set(object, { tokens: granted ? filled - 1 : filled, at: now });
    if (this.#buckets.size > MOST) this.#buckets.delete(this.#buckets.keys().next().value ?? '');
    return granted;
  }
}
