// The tokens of all RegistryCredentials: each is fetched once, however many ask for it, and forgotten when none does.
// Nobody waits for a fetch: one takes what is known, and is woken when there is more.

import type { RegistrySpec } from '../api/types.ts';
import type { Token } from '../core/token.ts';
import { Limiter } from '../kube/limiter.ts';
import type { SourceContext, TokenSource } from '../sources/source.ts';
import type { Wanted } from './ask-source.ts';
import { fetchKey } from './fetch-key.ts';
import { type Standing, TokenFetch, type TokenFetchContext } from './token-fetch.ts';

export interface FetchesContext extends Omit<TokenFetchContext, 'limiter'> {
  /** The RegistryCredential has to be looked at: there is a new login, or a new failure. */
  readonly wake: (credential: string) => void;
}

interface Shared {
  readonly fetch: TokenFetch;
  readonly credentials: Set<string>;
}

/** One source that hangs holds up few others, and a start with hundreds of them is no flood. */
const AT_ONCE = 16;

export class Fetches {
  readonly #context: TokenFetchContext;
  readonly #wake: (credential: string) => void;
  /** By key. */
  readonly #shared = new Map<string, Shared>();
  #isStopped = false;

  constructor({ wake, ...context }: FetchesContext) {
    this.#context = { ...context, limiter: new Limiter(AT_ONCE, context.clock) };
    this.#wake = wake;
  }

  /**
   * What is known of it now, and from now on it is kept fresh. `known` is what was known of it by other ways: that is
   * kept fresh in its place if it is the same, and replaced at once if not.
   */
  use(
    credential: string,
    source: TokenSource,
    registry: RegistrySpec,
    secrets: SourceContext,
    known: Token | undefined,
  ): Standing & { readonly key: string } {
    const key = fetchKey(source, registry, secrets);
    // A reconcile that was under way when the Lease was lost.
    if (this.#isStopped) return { key, ...NOTHING_NEW, token: known };
    const shared = this.#shared.get(key) ?? this.#begin({ key, source, registry, secrets }, known);
    shared.credentials.add(credential);
    return { key, ...shared.fetch.standing };
  }

  /** It asks for these and no others; what nobody asks for is fetched no more. */
  retain(credential: string, keys: readonly string[]): void {
    for (const [key, { fetch, credentials }] of this.#shared) {
      if (!keys.includes(key)) credentials.delete(credential);
      if (credentials.size > 0) continue;
      fetch.stop();
      this.#shared.delete(key);
    }
  }

  /** Nothing is fetched any more; what is under way is called off. */
  stop(): void {
    this.#isStopped = true;
    for (const { fetch } of this.#shared.values()) fetch.stop();
    this.#shared.clear();
  }

  #begin(wanted: Wanted, known: Token | undefined): Shared {
    const credentials = new Set<string>();
    const changed = (): void => {
      for (const credential of credentials) this.#wake(credential);
    };
    const shared = { fetch: new TokenFetch(wanted, known, this.#context, changed), credentials };
    this.#shared.set(wanted.key, shared);
    return shared;
  }
}

const NOTHING_NEW = { failure: undefined, isAwaited: true, begunAt: 0, renewalAt: undefined } as const;
