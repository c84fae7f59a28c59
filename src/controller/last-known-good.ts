// A source that fails never takes a working login away: what each registry of one
// RegistryCredential gave last is kept here and served until there is better.

import type { RegistrySpec } from '../api/types.ts';
import { type AuthEntry, type BadEntry, loginId } from '../core/auth-entry.ts';
import { compareBytes } from '../core/go-json.ts';
import type { RegistryMaterial } from '../core/material.ts';
import { isShortLived } from '../core/refresh.ts';
import type { RegistryReport } from '../core/registry-report.ts';
import { firstOf } from '../core/registry-status.ts';
import { serverKey } from '../core/server-key.ts';
import type { Token } from '../core/token.ts';
import type { RejectedLogin } from '../core/verified.ts';
import { sourceOf } from '../sources/registered.ts';
import type { Fetched } from '../sources/source.ts';
import type { Ageing } from './ageing.ts';
import { asDoubtful, inDoubt, withoutDoubt } from './doubts.ts';
import { earlierThan } from './earlier-logins.ts';
import type { Standing } from './token-fetch.ts';
import { LATE, SHORT_LIVED } from './token-messages.ts';

/** One registry of a RegistryCredential as of the last fetch. */
export interface RegistryState {
  readonly spec: RegistrySpec;
  readonly material: RegistryMaterial;
  readonly report: RegistryReport;
  /** Of a source of tokens: what the material is made of. */
  readonly token?: Token | undefined;
  /** Since the token came into use: the clock may be set while another one is held back. */
  readonly ageing?: Ageing | undefined;
  /** What its source gave last, where that, or a part of it, is held back: it is not asked for another one. */
  readonly offered?: Token | undefined;
  /** By the monotonic clock: since when its first token is being fetched. */
  readonly awaitedSince?: number | undefined;
  /** Logins of the source that are not given, or not yet, for what their registries say. */
  readonly held?: readonly AuthEntry[];
  /** One of them waits for its verdict. */
  readonly isHolding?: boolean;
  /** What the material is when nothing waits, where it is another one meanwhile. */
  readonly settled?: RegistryMaterial;
  /** Of them and of those that are out. */
  readonly rejected?: readonly RejectedLogin[];
  /** Milliseconds since the epoch: then there is something else to say of a login that its source has replaced. */
  readonly turnAt?: number | undefined;
}

/**
 * What the login is, and how the source fared, after `fetched`; `previous` is what there was. While some are
 * `waiting` nothing of that is taken away, and nothing is said of them yet.
 */
export function settle(
  spec: RegistrySpec,
  fetched: Fetched,
  previous: RegistryMaterial,
  waiting: readonly AuthEntry[] = [],
): RegistryState {
  if (!fetched.ok) return failing(spec, fetched.message, previous);
  const without = [...fetched.bad, ...waiting];
  const kept = waiting.length > 0 ? knownIn(previous) : without.flatMap(one => lastGood(one, previous) ?? []);
  // A bad spelling of a server does not stand in for a good one.
  const entries = sorted([
    ...new Map([...kept, ...fetched.entries].map(entry => [entry.key, entry])).values(),
  ]);
  // What waits leaves all as it was, and as sure as it was.
  const unknownKeys =
    waiting.length > 0 && previous.state === 'known'
      ? (previous.unknownKeys ?? [])
      : notKnownForSure(without, fetched.entries, previous);
  const known: RegistryMaterial = {
    state: 'known',
    entries,
    ...(unknownKeys.length > 0 && { unknownKeys }),
    ...earlierThan(entries, previous),
  };
  const material = entries.length === 0 ? previous : known;
  // Those of the source as it is, so that a restart, which knows no kept ones, says the same.
  const servers = [...fetched.entries, ...without].flatMap(({ server }) => server ?? []);
  return state(spec, material, servers, fetched.expiresAt, {
    state: fetched.bad.length === 0 ? 'serving' : 'partial',
    message: fetched.bad.length === 0 ? undefined : leftOut(fetched.bad),
  });
}

/** The same of a source that is asked in the background: `standing` is how far it has come. */
export function settleToken(
  spec: RegistrySpec,
  { token, isOurs, failure, isAwaited, begunAt, renewalAt, age, isLate }: Standing,
  previous: RegistryMaterial,
): RegistryState {
  const material = token === undefined ? previous : materialOfToken(token, previous, isOurs);
  const message = token !== undefined && isShortLived(token) ? SHORT_LIVED : undefined;
  const problem = failure?.message ?? (isLate && age !== 'living' ? LATE : undefined);
  const settled = problem === undefined ? well(spec, material, message) : failing(spec, problem, material);
  const { report } = settled;
  const state = report.state === 'kept' && age !== 'living' ? age : report.state;
  return {
    ...settled,
    token,
    awaitedSince: isAwaited && token === undefined ? begunAt : undefined,
    report: {
      ...report,
      state,
      isAwaited,
      expiresAt: date(token?.expiresAt),
      fetchedAt: date(token?.fetchedAt),
      renewalAt: date(renewalAt),
    },
  };
}

/** Or yet to be. */
const well = (spec: RegistrySpec, material: RegistryMaterial, message: string | undefined): RegistryState =>
  state(spec, material, serversIn(spec, material), undefined, {
    state: material.state === 'known' ? (message === undefined ? 'serving' : 'partial') : 'unknown',
    message,
  });

const date = (time: number | undefined): Date | undefined =>
  time === undefined ? undefined : new Date(time);

/** Until its source has told us (`isOurs`) no more is known of it than before: an earlier run may have had a newer one. */
function materialOfToken({ entries }: Token, previous: RegistryMaterial, isOurs: boolean): RegistryMaterial {
  if (sorted(knownIn(previous)).map(loginId).join() === sorted(entries).map(loginId).join())
    return isOurs ? withoutDoubt(previous) : previous;
  const known: RegistryMaterial = {
    state: 'known',
    entries: sorted(entries),
    ...earlierThan(entries, previous),
  };
  return isOurs ? known : asDoubtful(known, previous);
}

/** As they are kept over a restart, so that status tells them in the same order. */
const sorted = (entries: readonly AuthEntry[]): AuthEntry[] =>
  entries.toSorted((a, b) => compareBytes(a.server, b.server));

const serversIn = (spec: RegistrySpec, material: RegistryMaterial): readonly string[] | undefined =>
  material.state === 'known' ? material.entries.map(({ server }) => server) : sourceOf(spec).servers(spec);

export const knownIn = (previous: RegistryMaterial): readonly AuthEntry[] =>
  previous.state === 'known' ? previous.entries : [];

/** As it is known from before, without a word of its source. */
export const unasked = (spec: RegistrySpec, previous: RegistryMaterial): RegistryState =>
  failing(spec, undefined, previous);

function failing(spec: RegistrySpec, message: string | undefined, previous: RegistryMaterial): RegistryState {
  const outcome = { known: 'kept', unknown: 'unknown', absent: 'failed' } as const;
  const servers = serversIn(spec, previous);
  return state(spec, previous, servers, undefined, { state: outcome[previous.state], message });
}

/** The one bad entry of a sound source stays in its last good form. */
export function lastGood(
  { server }: Pick<BadEntry, 'server'>,
  previous: RegistryMaterial,
): AuthEntry | undefined {
  const key = server === undefined ? undefined : serverKey(server);
  if (key === undefined || previous.state !== 'known') return undefined;
  return previous.entries.find(entry => entry.key === key);
}

/** The servers of bad entries of which only an earlier run of the operator may know a good form, or a newer one. */
function notKnownForSure(
  bad: readonly Pick<BadEntry, 'server'>[],
  entries: readonly AuthEntry[],
  previous: RegistryMaterial,
): string[] {
  const keys = bad.flatMap(({ server }) => (server === undefined ? [] : (serverKey(server) ?? [])));
  return keys.filter(key => !entries.some(entry => entry.key === key) && mayHaveBeen(key, previous));
}

const mayHaveBeen = (key: string, previous: RegistryMaterial): boolean =>
  inDoubt(previous) === 'any' || inDoubt(previous).includes(key);

export const leftOut = (bad: readonly BadEntry[]): string => {
  const [first] = bad;
  const more = bad.length > 1 ? ` (and ${bad.length - 1} more entries)` : '';
  return `${first?.server ?? 'an entry'}: ${first?.message ?? ''}${more}`;
};

function state(
  spec: RegistrySpec,
  material: RegistryMaterial,
  servers: readonly string[] | undefined,
  expiresAt: Date | undefined,
  outcome: Pick<RegistryReport, 'state' | 'message'>,
): RegistryState {
  const { kind } = sourceOf(spec);
  const report = { server: servers && firstOf(servers), source: kind, expiresAt, ...outcome };
  return { spec, material, report };
}

/** What was known of registry `index` of `specs` before this fetch; `fresh` is for one never seen. */
export function previousMaterial(
  specs: readonly RegistrySpec[],
  index: number,
  earlier: readonly (RegistryState | undefined)[],
  fresh: (spec: RegistrySpec) => RegistryMaterial,
): RegistryMaterial {
  return previousState(specs, index, earlier)?.material ?? fresh(specs[index] as RegistrySpec);
}

/**
 * That of the same item of an earlier spec, wherever it stood; or that of the item which it
 * replaces, when only its source was changed.
 */
export function previousState(
  specs: readonly RegistrySpec[],
  index: number,
  earlier: readonly (RegistryState | undefined)[],
): RegistryState | undefined {
  const spec = specs[index] as RegistrySpec;
  const same = earlier.find(one => one !== undefined && isSame(one.spec, spec));
  if (same !== undefined) return same;
  const replaced = earlier[index];
  const stillThere = replaced !== undefined && specs.some(one => isSame(one, replaced.spec));
  return replaced !== undefined && !stillThere && isForSameServer(replaced.spec, spec) ? replaced : undefined;
}

const isSame = (one: RegistrySpec, other: RegistrySpec): boolean =>
  isForSameServer(one, other) && JSON.stringify(sourceIn(one)) === JSON.stringify(sourceIn(other));

/** Without what is only about trying the login. */
const sourceIn = ({ server: _, caSecretRef: __, insecure: ___, ...source }: RegistrySpec) =>
  Object.entries(source).sort(([a], [b]) => (a < b ? -1 : 1));

/** However it is spelled. */
const isForSameServer = (one: RegistrySpec, other: RegistrySpec): boolean =>
  sourceOf(one).kind === sourceOf(other).kind && String(serverOf(one)) === String(serverOf(other));

const serverOf = (spec: RegistrySpec): readonly string[] | undefined =>
  sourceOf(spec)
    .servers(spec)
    ?.map(server => serverKey(server) ?? server);
