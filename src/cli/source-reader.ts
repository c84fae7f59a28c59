// The logins that RegistryCredentials have to give, as the operator would find them. Where the caller may not
// read a source, its servers stand for its logins: which go where can be said, what they are not.

import type { RegistrySpec } from '../api/types.ts';
import { previousMaterial, type RegistryState, settle } from '../controller/last-known-good.ts';
import { secretPath } from '../controller/paths.ts';
import { slimSource } from '../controller/slim.ts';
import type { AuthEntry } from '../core/auth-entry.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import { serversOf } from '../core/credential-servers.ts';
import { type Material, materialOf, type RegistryMaterial } from '../core/material.ts';
import type { Seen } from '../core/pull-facts.ts';
import type { SourceSecretRecord } from '../core/records.ts';
import { serverKey } from '../core/server-key.ts';
import { sourceOf } from '../sources/registered.ts';
import { type ClusterReader, mapSeen } from './cluster-reader.ts';

export interface SourceReader {
  /** `before`: the states of an earlier spec, whose last known good logins stay. */
  statesOf(record: CredentialRecord, before?: readonly RegistryState[]): Promise<readonly RegistryState[]>;
  /** Sources that could not be read. */
  readonly unread: ReadonlySet<string>;
}

export const materialIn = (states: readonly RegistryState[]): Material =>
  materialOf(states.map(({ material }) => material));

export function createSourceReader(reader: ClusterReader, operatorNamespace: string): SourceReader {
  const secrets = new Map<string, Promise<Seen<SourceSecretRecord>>>();
  const unread = new Set<string>();
  const read = (name: string): Promise<Seen<SourceSecretRecord>> => {
    const known = secrets.get(name);
    if (known !== undefined) return known;
    const asked = reader.get(secretPath(operatorNamespace, name)).then(seen => mapSeen(seen, slimSource));
    secrets.set(name, asked);
    return asked;
  };

  async function stateOf(
    record: CredentialRecord,
    index: number,
    before: readonly RegistryState[] | undefined,
  ) {
    const spec = record.spec.registries[index] as RegistrySpec;
    const source = sourceOf(spec);
    if (source.gives === 'tokens') {
      // Asked with the identity of whoever runs the command, it would give another login, if any.
      unread.add(`the source ${source.kind} (only the operator asks it)`);
      return standIn(record, index, `the source ${source.kind}`);
    }
    const found = new Map<string, SourceSecretRecord>();
    for (const name of source.secretNames(spec)) {
      const seen = await read(name);
      if (seen.state === 'read') found.set(name, seen.value);
      if (seen.state !== 'unread') continue;
      unread.add(`Secret ${operatorNamespace}/${name} (${seen.why})`);
      return standIn(record, index, `Secret ${operatorNamespace}/${name}`);
    }
    const context = { namespace: operatorNamespace, secret: (name: string) => found.get(name) };
    const earlier = previousMaterial(record.spec.registries, index, before ?? [], one =>
      before === undefined ? neverFetched(one) : ABSENT,
    );
    return settle(spec, await source.fetch(spec, context), earlier);
  }

  return {
    unread,
    statesOf: (record, before) =>
      Promise.all(record.spec.registries.map((_, index) => stateOf(record, index, before))),
  };
}

const ABSENT: RegistryMaterial = { state: 'absent' };

/** Like the operator after a start: it may have written a login, and we do not know which. */
const neverFetched = (spec: RegistrySpec): RegistryMaterial => ({
  state: 'unknown',
  keys: sourceOf(spec)
    .servers(spec)
    ?.flatMap(server => serverKey(server) ?? []),
});

function standIn(record: CredentialRecord, index: number, origin: string): RegistryState {
  const spec = record.spec.registries[index] as RegistrySpec;
  const servers = serversOf(record).filter(({ registry }) => registry === index);
  const entries = servers.flatMap(({ server }): AuthEntry[] => {
    const key = serverKey(server);
    return key === undefined
      ? []
      : [{ server, key, json: JSON.stringify(origin), digest: `unread ${origin}` }];
  });
  const all = `all of ${origin}`;
  const known =
    entries.length > 0 ? entries : [{ server: all, key: all, json: '', digest: `unread ${origin}` }];
  return {
    spec,
    material: { state: 'known', entries: known },
    report: {
      server: undefined,
      source: sourceOf(spec).kind,
      state: 'unknown',
      message: undefined,
      expiresAt: undefined,
    },
  };
}
