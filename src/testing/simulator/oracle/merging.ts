// Several RegistryCredentials, and several registries of one, in one Secret: for each key of the
// kubelet the first by name of the RegistryCredential counts, in one of them the first in the list.

import type { Party } from './cluster.ts';
import { kubeletKey } from './kubelet-key.ts';
import { sameLogin } from './offers.ts';
import type { DesiredLogin, Login } from './snapshot.ts';

/** A registry that has something to offer under a key. */
export interface Claim {
  readonly party: Party;
  /** Index in spec.registries. */
  readonly registry: number;
  readonly logins: readonly Login[];
  readonly certain: boolean;
}

/** By key, in the order of precedence. */
export type Claims = ReadonlyMap<string, readonly Claim[]>;

/** `parties` are in the order of their names. */
export function claimsOf(parties: readonly Party[]): Claims {
  const claims = new Map<string, Claim[]>();
  for (const party of parties)
    for (const [registry, { certain, possible }] of party.offers.entries())
      for (const [key, logins] of Map.groupBy([...certain, ...possible], ({ server }) =>
        kubeletKey(server),
      )) {
        const sure = certain.filter(({ server }) => kubeletKey(server) === key);
        const claim = { party, registry, logins: sure.length > 0 ? sure : logins, certain: sure.length > 0 };
        claims.set(key, [...(claims.get(key) ?? []), claim]);
      }
  return claims;
}

/** Those that may be served: while the winner has no login yet the next one is. */
export function winners(claims: readonly Claim[]): readonly Claim[] {
  const sure = claims.findIndex(({ certain }) => certain);
  return sure < 0 ? claims : claims.slice(0, sure + 1);
}

export function loginsOf(claims: Claims): Map<string, DesiredLogin> {
  const logins = new Map<string, DesiredLogin>();
  for (const [key, all] of claims) {
    const may = winners(all);
    const anyOf = may.flatMap(claim => claim.logins);
    logins.set(key, {
      anyOf: anyOf.filter((login, index) => anyOf.findIndex(other => sameLogin(login, other)) === index),
      optional: !may.some(({ certain }) => certain),
    });
  }
  return logins;
}
