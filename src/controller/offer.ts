// What a source offers for one registry, and what becomes of it when some of that is held back.

import type { RegistrySpec } from '../api/types.ts';
import type { AuthEntry, BadEntry } from '../core/auth-entry.ts';
import type { RegistryMaterial } from '../core/material.ts';
import type { Token } from '../core/token.ts';
import type { Fetched } from '../sources/source.ts';
import { type FailedFetch, failed } from '../sources/source-failure.ts';
import {
  knownIn,
  lastGood,
  leftOut,
  type RegistryState,
  settle,
  settleToken,
  unasked,
} from './last-known-good.ts';
import type { Standing } from './token-fetch.ts';

/** For what its registry says, or has not said yet. */
export interface Held {
  readonly waiting: readonly AuthEntry[];
  readonly refused: readonly { readonly entry: AuthEntry; readonly message: string }[];
}

export interface Offer {
  readonly registry: RegistrySpec;
  readonly previous: RegistryMaterial;
  /** What the source gives, or what it gave last. */
  readonly entries: readonly AuthEntry[];
  readonly settle: (held: Held) => RegistryState;
}

export function storedOffer(registry: RegistrySpec, fetched: Fetched, previous: RegistryMaterial): Offer {
  return {
    registry,
    previous,
    entries: fetched.ok ? fetched.entries : knownIn(previous),
    settle: held => settle(registry, fetched.ok ? without(fetched, held) : fetched, previous, held.waiting),
  };
}

/** Nobody is asked: it stays what it was. */
export const keptOffer = (registry: RegistrySpec, previous: RegistryMaterial): Offer => ({
  registry,
  previous,
  entries: knownIn(previous),
  settle: () => unasked(registry, previous),
});

/** The source as if it did not have these. */
function without(fetched: Fetched & { readonly ok: true }, held: Held): Fetched {
  const entries = free(fetched.entries, held);
  // What is refused altogether is a source that fails.
  if (held.refused.length === fetched.entries.length) return allRefused(held);
  return { ...fetched, entries, bad: [...fetched.bad, ...badIn(held)] };
}

/** `earlier` is the token that is in use. */
export function tokenOffer(
  registry: RegistrySpec,
  standing: Standing,
  previous: RegistryMaterial,
  earlier: Token | undefined,
): Offer {
  const { token } = standing;
  return {
    registry,
    previous,
    entries: token?.entries ?? knownIn(previous),
    settle: held => {
      const inUse = { ...standing, token: earlier };
      if (token === undefined || isNothing(held)) return settleToken(registry, standing, previous);
      if (held.waiting.length > 0) return settleToken(registry, inUse, previous);
      if (held.refused.length === token.entries.length)
        return settleToken(registry, { ...inUse, failure: allRefused(held) }, previous);
      const bad = badIn(held);
      const kept = bad.flatMap(one => lastGood(one, previous) ?? []);
      const entries = [...kept, ...free(token.entries, held)];
      const state = settleToken(registry, { ...standing, token: { ...token, entries } }, previous);
      return { ...state, report: { ...state.report, state: 'partial', message: leftOut(bad) } };
    },
  };
}

const isNothing = ({ waiting, refused }: Held): boolean => waiting.length + refused.length === 0;

function free(entries: readonly AuthEntry[], { waiting, refused }: Held): AuthEntry[] {
  const held = new Set([...waiting, ...refused.map(({ entry }) => entry)]);
  return entries.filter(entry => !held.has(entry));
}

const badIn = ({ refused }: Held): BadEntry[] =>
  refused.map(({ entry: { server }, message }) => ({ server, message }));

function allRefused({ refused }: Held): FailedFetch {
  const others = refused.length > 1 ? ` (and ${refused.length - 1} more logins)` : '';
  return failed('LoginRejected', `${refused[0]?.message ?? ''}${others}`);
}
