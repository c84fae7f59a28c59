// The Secret of the operator's namespace in which the last known good logins of one RegistryCredential outlive the
// operator: how it is called, what is read from it after a start, and what is written.

import { createHash } from 'node:crypto';
import {
  CREDENTIALS_ANNOTATION,
  FIELD_MANAGER,
  INTERNAL_LABEL,
  KEPT_KEY,
  KEPT_PREFIX,
  KEPT_TYPE,
} from '../api/names.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import { decodeKept, encodeKept, type Kept, type KeptRegistry } from '../core/kept-format.ts';
import type { SourceSecretRecord } from '../core/records.ts';
import { serverKey } from '../core/server-key.ts';
import type { KubeRequest } from '../kube/kube-client.ts';
import { sourceOf } from '../sources/registered.ts';
import { type RegistryState, unasked } from './last-known-good.ts';
import { secretPath } from './paths.ts';
import type { World } from './world.ts';

/** A hash, for a RegistryCredential may have a name as long as that of a Secret may be. */
export const keptSecretName = (credential: string): string =>
  KEPT_PREFIX + createHash('sha256').update(credential).digest('hex').slice(0, 32);

/** Ours to write and to delete: the policy that binds the operator asks the same. */
export function isKeptSecret(secret: SourceSecretRecord | undefined): secret is SourceSecretRecord {
  return secret?.internal === true && secret.type === KEPT_TYPE && secret.name.startsWith(KEPT_PREFIX);
}

/** Undefined where nothing can be read. */
export function keptIn(secret: SourceSecretRecord): Kept | undefined {
  return decodeKept(Buffer.from(secret.data[KEPT_KEY] ?? '', 'base64').toString());
}

/** What an earlier run knew of this very RegistryCredential, with gaps; empty when nothing was kept. */
export function rememberedStates(
  { name, uid }: CredentialRecord,
  { sources }: World,
): readonly (RegistryState | undefined)[] {
  const secret = sources.get('', keptSecretName(name));
  const kept = isKeptSecret(secret) ? keptIn(secret) : undefined;
  if (kept === undefined || kept.credential.name !== name || kept.credential.uid !== uid) return [];
  return kept.registries.map(registry => registry && remembered(registry));
}

/** The last write of an earlier run may not have reached us: until the source is sound, a Secret may hold a newer login. */
function remembered({
  spec,
  entries,
  earlier,
  token,
  offered,
  rejected,
  gaveNone,
}: KeptRegistry): RegistryState {
  const keys = sourceOf(spec)
    .servers(spec)
    ?.flatMap(server => serverKey(server) ?? []);
  if (entries.length === 0) {
    const none = unasked(spec, { state: 'unknown', keys, ...(gaveNone && { unlikely: true }) });
    return { ...none, rejected, offered };
  }
  const known = { state: 'known', entries, unknownKeys: keys ?? 'any' } as const;
  const material = earlier.length > 0 ? { ...known, earlier } : known;
  return { ...unasked(spec, material), rejected, offered, ...(token && { token: { ...token, entries } }) };
}

/** The content that is to be kept, in base64. */
export function keptContent({ name, uid }: CredentialRecord, registries: readonly RegistryState[]): string {
  const kept = { credential: { name, uid }, registries: registries.map(keptRegistry) };
  return Buffer.from(encodeKept(kept)).toString('base64');
}

function keptRegistry({
  spec,
  token,
  offered,
  rejected = [],
  ...state
}: RegistryState): KeptRegistry | undefined {
  const material = state.settled ?? state.material;
  const besides = offered && { offered };
  if (material.state !== 'known') {
    const mayHaveGiven = material.state === 'unknown' && material.unlikely !== true;
    const none = { spec, entries: [], earlier: [], rejected, ...besides };
    if (mayHaveGiven) return none;
    return rejected.length > 0 || offered ? { ...none, gaveNone: true } : undefined;
  }
  const { entries, earlier = [] } = material;
  if (token === undefined) return { spec, entries, earlier, rejected, ...besides };
  const { key, fetchedAt, expiresAt } = token;
  return { spec, entries, earlier, rejected, token: { key, fetchedAt, expiresAt }, ...besides };
}

/** Whether there is anything of it to remember. */
export const isWorthKeeping = ({ material, offered, rejected = [] }: RegistryState): boolean =>
  material.state === 'known' || offered !== undefined || rejected.length > 0;

/** `observed`: the one that is there, which alone may be forced. */
export const applyKept = (
  { name, namespace, credential }: { name: string; namespace: string; credential: string },
  content: string,
  observed: SourceSecretRecord | undefined,
): KubeRequest => ({
  method: 'PATCH',
  path: secretPath(namespace, name),
  query: { fieldManager: FIELD_MANAGER, force: String(observed !== undefined) },
  contentType: 'application/apply-patch+yaml',
  body: {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace,
      uid: observed?.uid,
      labels: { [INTERNAL_LABEL]: 'true' },
      annotations: { [CREDENTIALS_ANNOTATION]: credential },
    },
    type: KEPT_TYPE,
    data: { [KEPT_KEY]: content },
  },
});

export const deleteKept = (
  namespace: string,
  { name, uid, resourceVersion }: SourceSecretRecord,
): KubeRequest => ({
  method: 'DELETE',
  path: secretPath(namespace, name),
  body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid, resourceVersion } },
});
