// Several RegistryCredentials, and several registries of one, make one Secret:
// for each server as the kubelet sees it, the first that has a login wins.

import { createHash } from 'node:crypto';
import { type AuthEntry, loginId } from './auth-entry.ts';
import type { Doubt } from './change.ts';
import { encodeDockerConfig, MAX_DOCKER_CONFIG_BYTES } from './docker-config.ts';
import type { RegistryMaterial } from './material.ts';
import type { SecretContent } from './records.ts';
import type { CredentialView } from './view.ts';

/** An entry that is not in the Secret, and why. */
export interface LeftOut {
  readonly server: string;
  /** Index in `spec.registries`. */
  readonly registry: number;
  /** The RegistryCredential whose login is used instead; undefined when the Secret would be over 1 MiB. */
  readonly winner: string | undefined;
}

/** A registry whose login may stand in an existing Secret though we do not know it. */
interface Unknown extends Doubt {
  readonly rank: number;
  readonly keys: readonly string[] | undefined;
  /** Its RegistryCredential has no other. */
  readonly isOnly: boolean;
  /** As of RegistryMaterial. */
  readonly unlikely?: true;
}

/** The content of the Secret that some RegistryCredentials make together. Holds logins: never log it. */
export interface Merged {
  /** Key as the kubelet indexes it -> digest and precedence of the login for it; empty: nothing to write. */
  readonly logins: ReadonlyMap<string, { readonly digest: string; readonly rank: number }>;
  /** Those with a login to give, sorted. */
  readonly credentials: readonly string[];
  readonly leftOut: ReadonlyMap<string, readonly LeftOut[]>;
  readonly unknown: readonly Unknown[];
  /** By loginId, all that they have or had, as far as is known. */
  readonly given: ReadonlySet<string>;
  /** sha256 of the `.dockerconfigjson`. */
  readonly digest: string;
  /** The `.dockerconfigjson` as a Secret has it. */
  readonly base64: string;
}

export type Merge = (credentials: readonly CredentialView[]) => Merged;

/** Results that are remembered: as many combinations as teams may have. Every change of material makes new ones. */
const MOST_REMEMBERED = 512;
/** Bytes of their base64: one can have more than a megabyte. */
const MOST_BYTES = 8_000_000;

/** Remembers results: thousands of namespaces share a few combinations. */
export function createMerge(): Merge {
  const remembered = new Map<string, Merged>();
  let bytes = 0;
  return credentials => {
    // Asked twice for each namespace: to join two words costs a twentieth of JSON of them.
    let key = '';
    for (const { name, material } of credentials) key += `${name} ${material.digest} `;
    let merged = remembered.get(key);
    if (merged === undefined) {
      for (const [oldest, { base64 }] of remembered) {
        if (remembered.size < MOST_REMEMBERED && bytes < MOST_BYTES) break;
        remembered.delete(oldest);
        bytes -= base64.length;
      }
      merged = merge(credentials);
      remembered.set(key, merged);
      bytes += merged.base64.length;
    }
    return merged;
  };
}

/** `credentials` in the order of precedence. */
export function merge(credentials: readonly CredentialView[]): Merged {
  const chosen = new Map<string, { entry: AuthEntry; credential: string; rank: number }>();
  const leftOut = new Map<string, LeftOut[]>();
  const unknown: Unknown[] = [];
  let size = encodeDockerConfig([]).length;
  let rank = 0;
  for (const { name, registry, index, isOnly } of registriesOf(credentials)) {
    rank += 1;
    if (registry.state === 'unknown') {
      const { keys, unlikely } = registry;
      unknown.push({ credential: name, registry: index, rank, keys, isOnly, ...(unlikely && { unlikely }) });
    }
    if (registry.state !== 'known') continue;
    const { unknownKeys = [] } = registry;
    if (unknownKeys.length > 0) {
      const keys = unknownKeys === 'any' ? undefined : unknownKeys;
      unknown.push({ credential: name, registry: index, rank, keys, isOnly });
    }
    for (const entry of registry.entries) {
      const winner = chosen.get(entry.key);
      const grown = size + encodedSize(entry);
      if (winner === undefined && grown <= MAX_DOCKER_CONFIG_BYTES) {
        chosen.set(entry.key, { entry, credential: name, rank });
        size = grown;
      } else {
        const lost = leftOut.get(name) ?? [];
        leftOut.set(name, lost);
        lost.push({ server: entry.server, registry: index, winner: winner?.credential });
      }
    }
  }
  const json = encodeDockerConfig([...chosen.values()].map(({ entry }) => entry));
  return {
    logins: new Map(
      [...chosen].map(([key, login]) => [key, { digest: login.entry.digest, rank: login.rank }]),
    ),
    credentials: credentials.filter(hasLogin).map(({ name }) => name),
    leftOut,
    unknown,
    given: givenBy(credentials),
    digest: createHash('sha256').update(json).digest('hex'),
    base64: Buffer.from(json).toString('base64'),
  };
}

function* registriesOf(
  credentials: readonly CredentialView[],
): Generator<{ name: string; registry: RegistryMaterial; index: number; isOnly: boolean }> {
  for (const { name, material } of credentials)
    for (const [index, registry] of material.registries.entries())
      yield { name, registry, index, isOnly: material.registries.length === 1 };
}

const givenBy = (credentials: readonly CredentialView[]): Set<string> =>
  new Set(
    credentials.flatMap(({ material }) =>
      material.registries.flatMap(one =>
        one.state === 'known' ? [...one.entries.map(loginId), ...(one.earlier ?? [])] : [],
      ),
    ),
  );

const hasLogin = ({ material }: CredentialView): boolean =>
  material.registries.some(({ state }) => state === 'known');

// Two quotes, a colon and a comma around each.
const encodedSize = ({ server, json }: AuthEntry): number =>
  Buffer.byteLength(server) + Buffer.byteLength(json) + 4;

/**
 * Whether writing `merged` over `content` could take away a login that we do not
 * know, of one of the RegistryCredentials that are `listed` on the Secret. What was of those that are `gone` may go.
 */
export function wouldDropUnknown(
  merged: Merged,
  content: SecretContent,
  listed: readonly string[],
  gone: readonly CredentialView[] = [],
): boolean {
  const doubts = doubtsIn(merged, content, listed);
  if (doubts.length === 0) return false;
  const given = new Set([...merged.given, ...givenBy(gone)]);
  return doubts.some(one => mayStandIn(content, one, { ...merged, given }));
}

/** Whose login that may be, which we do not know. */
export const doubtsIn = (
  merged: Merged,
  content: SecretContent,
  listed: readonly string[],
): readonly Unknown[] =>
  merged.unknown.filter(one => listed.includes(one.credential) && mayStandIn(content, one, merged));

function mayStandIn(content: SecretContent, { keys, rank }: Unknown, { given, logins }: Merged): boolean {
  for (const [key, digest] of content.entries) {
    if (keys !== undefined && !keys.includes(key)) continue;
    // Of one that is known, whose ever it is, nothing is lost that we could not write again or need no more.
    if (given.has(loginId({ key, digest }))) continue;
    const login = logins.get(key);
    // A login that comes earlier was written before too, so the entry was not theirs.
    if (login === undefined || (login.digest !== digest && rank <= login.rank)) return true;
  }
  return false;
}

/**
 * Whether the login of `key` that an earlier run wrote is certain to be of one that goes before: it is listed,
 * its login is not known now, and it has no other registry for whose sake it could be listed.
 */
export function isTakenByUnknown(
  { unknown, logins }: Merged,
  key: string,
  listed: readonly string[],
): boolean {
  const rank = logins.get(key)?.rank ?? 0;
  return unknown.some(
    one =>
      one.isOnly &&
      one.unlikely !== true &&
      one.rank < rank &&
      listed.includes(one.credential) &&
      one.keys?.includes(key) === true,
  );
}

/** The registries of `credential` that an earlier run serves, as far as one can tell: index in `spec.registries`. */
export function servedUnknown(merged: Merged, content: SecretContent, credential: string): number[] {
  const isOutranked = ({ keys, rank, unlikely }: Unknown): boolean =>
    unlikely !== true && keys?.every(key => (merged.logins.get(key)?.rank ?? rank) < rank) === true;
  return merged.unknown
    .filter(one => one.credential === credential && (mayStandIn(content, one, merged) || isOutranked(one)))
    .map(({ registry }) => registry);
}
