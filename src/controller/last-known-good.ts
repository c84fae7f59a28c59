// A source that fails never takes a working login away: what each registry of one
// RegistryCredential gave last is kept here and served until there is better.

import type { RegistrySpec } from '../api/types.ts';
import type { AuthEntry, BadEntry } from '../core/auth-entry.ts';
import type { RegistryMaterial } from '../core/material.ts';
import type { RegistryReport } from '../core/registry-report.ts';
import { serverKey } from '../core/server-key.ts';
import { sourceOf } from '../sources/registered.ts';
import type { Fetched } from '../sources/source.ts';

/** One registry of a RegistryCredential as of the last fetch. */
export interface RegistryState {
  readonly spec: RegistrySpec;
  readonly material: RegistryMaterial;
  readonly expiresAt: Date | undefined;
  readonly report: RegistryReport;
}

/** What the login is, and how the source fared, after `fetched`; `previous` is what there was. */
export function settle(spec: RegistrySpec, fetched: Fetched, previous: RegistryMaterial): RegistryState {
  if (!fetched.ok) return failing(spec, fetched.message, previous);
  const kept = fetched.bad.flatMap(bad => lastGood(bad, previous) ?? []);
  // A bad spelling of a server does not stand in for a good one.
  const entries = [...new Map([...kept, ...fetched.entries].map(entry => [entry.key, entry])).values()];
  return state(spec, { state: 'known', entries }, fetched.expiresAt, {
    state: fetched.bad.length === 0 ? 'serving' : 'partial',
    message: fetched.bad.length === 0 ? undefined : leftOut(fetched.bad),
  });
}

function failing(spec: RegistrySpec, message: string, previous: RegistryMaterial): RegistryState {
  const outcome = { known: 'kept', unknown: 'unknown', absent: 'failed' } as const;
  return state(spec, previous, undefined, { state: outcome[previous.state], message });
}

/** The one bad entry of a sound source stays in its last good form. */
function lastGood({ server }: BadEntry, previous: RegistryMaterial): AuthEntry | undefined {
  const key = server === undefined ? undefined : serverKey(server);
  if (key === undefined || previous.state !== 'known') return undefined;
  return previous.entries.find(entry => entry.key === key);
}

const leftOut = (bad: readonly BadEntry[]): string => {
  const [first] = bad;
  const more = bad.length > 1 ? ` (and ${bad.length - 1} more entries)` : '';
  return `${first?.server ?? 'an entry'}: ${first?.message ?? ''}${more}`;
};

function state(
  spec: RegistrySpec,
  material: RegistryMaterial,
  expiresAt: Date | undefined,
  outcome: Pick<RegistryReport, 'state' | 'message'>,
): RegistryState {
  const source = sourceOf(spec);
  const servers =
    material.state === 'known' ? material.entries.map(({ server }) => server) : source.servers(spec);
  const report = { server: servers && listed(servers), source: source.kind, expiresAt, ...outcome };
  return { spec, material, expiresAt, report };
}

/** A docker config can hold hundreds; status shows the first three. */
const listed = (servers: readonly string[]): string =>
  servers.slice(0, 3).join(', ') + (servers.length > 3 ? ` and ${servers.length - 3} more` : '');

/**
 * What was known of registry `index` of `specs` before this fetch: that of the
 * same item of an earlier spec, wherever it stood; or that of the item which it
 * replaces, when only its source was changed. `fresh` is for one never seen.
 */
export function previousMaterial(
  specs: readonly RegistrySpec[],
  index: number,
  earlier: readonly RegistryState[],
  fresh: (spec: RegistrySpec) => RegistryMaterial,
): RegistryMaterial {
  const spec = specs[index] as RegistrySpec;
  const same = earlier.find(one => isSame(one.spec, spec));
  if (same !== undefined) return same.material;
  const replaced = earlier[index];
  const stillThere = replaced !== undefined && specs.some(one => isSame(one, replaced.spec));
  return replaced !== undefined && !stillThere && isForSameServer(replaced.spec, spec)
    ? replaced.material
    : fresh(spec);
}

const isSame = (one: RegistrySpec, other: RegistrySpec): boolean =>
  JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));

const canonical = (spec: RegistrySpec) => Object.entries(spec).sort(([a], [b]) => (a < b ? -1 : 1));

const isForSameServer = (one: RegistrySpec, other: RegistrySpec): boolean =>
  sourceOf(one).kind === sourceOf(other).kind && one.server === other.server;
