// What a source offers for one registry, and what becomes of it when some of that is held back.

import type { RegistrySpec } from '../api/types.ts';
import type { AuthEntry, BadEntry } from '../core/auth-entry.ts';
import type { RegistryMaterial } from '../core/material.ts';
import { ageOf, lastCallOf, renewalOfToken, turnsOf } from '../core/refresh.ts';
import type { Token } from '../core/token.ts';
import type { RejectedLogin } from '../core/verified.ts';
import type { Fetched } from '../sources/source.ts';
import { type FailedFetch, failed } from '../sources/source-failure.ts';
import { asDoubtful } from './doubts.ts';
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
  /** Whose rejections count together at a registry; undefined: of each user apart. */
  readonly account?: string | undefined;
  /** The login in use is so near its end that nothing untried is kept back for it. */
  readonly isEnding: boolean;
  readonly settle: (held: Held) => RegistryState;
}

/** With what an earlier look found of its logins. */
export interface OfferAgain extends Offer {
  readonly rejected: readonly RejectedLogin[];
  readonly offered: Token | undefined;
}

export function storedOffer(registry: RegistrySpec, fetched: Fetched, previous: RegistryMaterial): Offer {
  return {
    registry,
    previous,
    entries: fetched.ok ? fetched.entries : knownIn(previous),
    isEnding: false,
    settle: held => settle(registry, fetched.ok ? without(fetched, held) : fetched, previous, held.waiting),
  };
}

/** Nobody is asked: it stays what it was. */
export const keptOffer = (registry: RegistrySpec, previous: RegistryMaterial): Offer => ({
  registry,
  previous,
  entries: knownIn(previous),
  isEnding: false,
  settle: () => unasked(registry, previous),
});

/** The source as if it did not have these. */
function without(fetched: Fetched & { readonly ok: true }, held: Held): Fetched {
  const entries = free(fetched.entries, held);
  // What is refused altogether is a source that fails.
  if (held.refused.length === fetched.entries.length) return allRefused(held);
  return { ...fetched, entries, bad: [...fetched.bad, ...badIn(held)] };
}

/** `earlier` is the token that is in use; `now` is the wall clock, in milliseconds. */
export function tokenOffer(
  registry: RegistrySpec,
  standing: Standing & { readonly key?: string },
  previous: RegistryMaterial,
  earlier: Token | undefined,
  now: number,
): Offer {
  const { token } = standing;
  return {
    registry,
    previous,
    entries: token?.entries ?? knownIn(previous),
    // The name of a token's user is the same for everybody; what is asked for it, and with what, is not.
    account: standing.key,
    isEnding: earlier !== undefined && lastCallOf(earlier) <= now,
    settle: held => {
      if (token === undefined || isNothing(held)) {
        const state = settleToken(registry, standing, previous);
        // Its fetch is about another one.
        return isReplaced(standing) ? { ...state, turnAt: nextTurn(token, now) } : state;
      }
      // What is said of an age is about the login that is in use, and not about the one that is offered.
      const inUse = {
        ...standing,
        token: earlier,
        isOurs: false,
        age: earlier ? ageOf(earlier, now) : 'living',
      } as const;
      if (held.waiting.length > 0) return { ...settleToken(registry, inUse, previous), offered: token };
      if (held.refused.length < token.entries.length)
        return partly({ registry, standing, previous, earlier, now }, token, held);
      // Its source has answered, and an earlier run had no reason yet to have a newer one.
      const isOurs =
        standing.isOurs &&
        earlier !== undefined &&
        now < (renewalOfToken(earlier) ?? Number.POSITIVE_INFINITY);
      const failure = standing.failure ?? allRefused(held);
      const state = settleToken(registry, { ...inUse, isOurs, failure }, previous);
      return { ...state, offered: token, turnAt: nextTurn(earlier, now) };
    },
  };
}

interface Asked {
  readonly registry: RegistrySpec;
  readonly standing: Standing;
  readonly previous: RegistryMaterial;
  readonly earlier: Token | undefined;
  readonly now: number;
}

/** Nobody asks for it: what is made of two tokens is whole for nobody. */
const PARTS = '';

/** Some of its servers take it. */
function partly(
  { registry, standing, previous, earlier, now }: Asked,
  token: Token,
  held: Held,
): RegistryState {
  const bad = badIn(held);
  const settled = settle(registry, { ok: true, entries: free(token.entries, held), bad }, previous);
  // What an earlier run fetched says nothing of a later one.
  const material = standing.isOurs ? settled.material : asDoubtful(settled.material, previous);
  const isKept = bad.some(one => lastGood(one, previous) !== undefined);
  // It ends as soon as the first of its parts does.
  const life = isKept && earlier !== undefined && endOf(earlier) < endOf(token) ? earlier : token;
  const { fetchedAt, expiresAt } = life;
  const parts = { key: PARTS, entries: knownIn(material), fetchedAt, expiresAt };
  const isWell = standing.failure === undefined;
  const failure = standing.failure ?? failed('LoginRejected', leftOut(bad));
  const age = life === token ? standing.age : ageOf(life, now);
  const state = settleToken(registry, { ...standing, token: parts, failure, age }, previous);
  const isPartial = isWell && (life === token || state.report.state === 'kept');
  const report = { ...state.report, fetchedAt: new Date(token.fetchedAt) };
  return {
    ...state,
    material,
    offered: token,
    turnAt: nextTurn(parts, now),
    report: isPartial ? { ...report, state: 'partial' } : report,
  };
}

const endOf = ({ expiresAt = Number.POSITIVE_INFINITY }: Token): number => expiresAt;

/** It is asked for by other words than those for which this was fetched. */
const isReplaced = ({ key, token }: Standing & { readonly key?: string }): boolean =>
  key !== undefined && token !== undefined && token.key !== key;

/** The source tells when its own token comes to a turn, and this one is not its any more. */
const nextTurn = (token: Token | undefined, now: number): number | undefined =>
  token && turnsOf(token).find(turn => turn > now);

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
