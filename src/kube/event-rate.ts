// How many Events one object may cause: a controller that fights with another would
// otherwise fill etcd. A bucket of tokens for each object and action, so that what is
// told over and over leaves room for the rest.

/** As client-go has it: enough for a bad day, and then one in five minutes. */
const BURST = 25;
/** Milliseconds for a token to come back. */
const REFILL = 5 * 60_000;
/** Buckets that are remembered; what is forgotten begins with a full one. */
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
  take(uid: string, action: string, now: number): boolean {
    const key = JSON.stringify([uid, action]);
    const { tokens, at } = this.#buckets.get(key) ?? { tokens: BURST, at: now };
    const filled = Math.min(BURST, tokens + Math.max(0, now - at) / REFILL);
    const granted = filled >= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: granted ? filled - 1 : filled, at: now });
    if (this.#buckets.size > MOST) this.#buckets.delete(this.#buckets.keys().next().value ?? '');
    return granted;
  }
}
