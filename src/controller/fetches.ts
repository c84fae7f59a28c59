// The tokens of all RegistryCredentials: each is fetched once, however many ask for it, and forgotten when none does.
// Nobody waits for a fetch: one takes what is known, and is woken when there is more.

import type { RegistrySpec } from '../api/types.ts';
import type { Doubt } from '../core/change.ts';
import { entryFor } from '../core/docker-config.ts';
import { ageOf } from '../core/refresh.ts';
import type { Token } from '../core/token.ts';
import type { SourceContext, TokenSource } from '../sources/source.ts';
import { fetchKey } from './fetch-key.ts';
import { FetchPlaces } from './fetch-places.ts';
import { type Standing, TokenFetch, type TokenFetchContext } from './token-fetch.ts';
import type { Wish } from './wishes.ts';

export interface FetchesContext extends Omit<TokenFetchContext, 'places'> {
  /** The RegistryCredential has to be looked at: there is a new login, or a new failure. */
  readonly wake: (credential: string) => void;
}

export interface Use extends Wish {
  readonly credential: string;
  readonly source: TokenSource;
  readonly registry: RegistrySpec;
  /** As they are now. */
  readonly secrets: SourceContext;
  /** What is known of it by other ways: that is kept fresh if it is the same, and else replaced at once. */
  readonly known: Token | undefined;
  /** By the clock by which that ages, in milliseconds since the epoch. */
  readonly now: number;
}

/** With a gap for each registry whose source gives no tokens. */
type Keys = readonly (string | undefined)[];

/** Who shares a fetch has the login for a server of his own. */
function tokenFor({ server }: RegistrySpec, token: Token | undefined): Token | undefined {
  if (server === undefined || token === undefined || token.entries.every(entry => entry.server === server))
    return token;
  return { ...token, entries: token.entries.map(entry => entryFor(entry, server)) };
}

/**
 * What its user has from earlier, or by other words, perhaps for another registry, is nobody else's: it stays his until
 * there is a better one.
 */
function ownOf(
  { token, age }: Standing,
  key: string,
  { known, now }: Pick<Use, 'known' | 'now'>,
): Pick<Standing, 'token' | 'age' | 'isOurs'> | undefined {
  if (known === undefined) return undefined;
  const { expiresAt = Number.POSITIVE_INFINITY } = known;
  const isOver = known.key !== key && age === 'expired' && expiresAt > (token?.expiresAt ?? 0);
  return token === undefined || isOver ? { token: known, age: ageOf(known, now), isOurs: false } : undefined;
}

export class Fetches {
  readonly #context: TokenFetchContext;
  readonly #wake: (credential: string) => void;
  /** By key. */
  readonly #shared = new Map<string, TokenFetch>();
  /** Of each RegistryCredential, in the order of its registries. */
  readonly #keys = new Map<string, Keys>();
  #isStopped = false;

  constructor({ wake, ...context }: FetchesContext) {
    this.#context = { ...context, places: new FetchPlaces() };
    this.#wake = wake;
  }

  /** What is known of it now, and from now on it is kept fresh. */
  use({ credential, known, now, ...wanted }: Use): Standing & { readonly key: string } {
    const key = fetchKey(wanted.source, wanted.registry, wanted.secrets);
    const shared = this.#shared.get(key) ?? new TokenFetch({ key, ...wanted }, this.#context, this.#wake);
    // A reconcile may be under way when the Lease is lost: it learns what is known, and nothing is begun.
    if (!this.#isStopped) {
      this.#shared.set(key, shared);
      shared.wish(credential, wanted, known);
    }
    const asked = shared.standingFor(credential);
    const standing = { ...asked, ...ownOf(asked, key, { known, now }) };
    return { key, ...standing, token: tokenFor(wanted.registry, standing.token) };
  }

  /** It asks for these and no others; what nobody asks for is fetched no more. */
  retain(credential: string, keys: Keys): void {
    if (keys.length > 0) this.#keys.set(credential, keys);
    else this.#keys.delete(credential);
    for (const [key, shared] of this.#shared) {
      if (keys.includes(key) || !shared.unwish(credential)) continue;
      shared.stop();
      this.#shared.delete(key);
    }
  }

  /**
   * A Secret holds another login than this registry of it gives, and an earlier run may have written that: its source is
   * asked, once. Returns whether an answer is on its way, neither late nor after a failure.
   */
  doubt({ credential, registry }: Doubt): boolean {
    return this.#shared.get(this.#keys.get(credential)?.[registry] ?? '')?.doubt() ?? false;
  }

  /** Nothing is fetched any more; what is under way is called off. */
  stop(): void {
    this.#isStopped = true;
    for (const shared of this.#shared.values()) shared.stop();
    this.#shared.clear();
    this.#keys.clear();
  }
}
