// What is to become of one Secret of one namespace, and of the references to it.
// Each check is small; the order of the checks in `decideSecret` is the policy.

import { DOCKER_CONFIG_TYPE } from '../api/names.ts';
import type { ApplySecret, DeleteSecret, Failure, ReleaseSecret } from './change.ts';
import {
  foreignSecret,
  immutableSecret,
  noLoginYet,
  terminatingSecret,
  wrongSecretType,
} from './failures.ts';
import { materialOf } from './material.ts';
import { type Merge, type Merged, wouldDropUnknown } from './merge.ts';
import { type Parties, partiesOf } from './parties.ts';
import type { SecretRecord } from './records.ts';
import type { CredentialView, NamespaceView } from './view.ts';

/**
 * What ServiceAccounts get: `attach` those selected, `keep` what those selected
 * have without adding, `detach` all, `disown` (the entry stays, our mark goes),
 * or `freeze` everything as it is. The first two detach those not selected.
 */
export type References = 'attach' | 'keep' | 'detach' | 'disown' | 'freeze';

export interface SecretDecision {
  readonly secretName: string;
  readonly parties: Parties;
  readonly references: References;
  readonly change?: ApplySecret;
  readonly afterReferences?: ReleaseSecret | DeleteSecret;
  /** For every active party. */
  readonly failure?: Failure;
  readonly merged?: Merged;
  /** It is not as it ought to be, and is not written: that could take a login away that is not known. */
  readonly stays?: true;
}

type Decision = Omit<SecretDecision, 'secretName' | 'parties'>;

export function decideSecret(view: NamespaceView, secretName: string, merge: Merge): SecretDecision {
  const observed = view.secrets.find(({ name }) => name === secretName);
  const parties = partiesOf(view, secretName, observed);
  return { secretName, parties, ...decide(view, secretName, observed, parties, merge) };
}

function decide(
  view: NamespaceView,
  secretName: string,
  observed: SecretRecord | undefined,
  parties: Parties,
  merge: Merge,
): Decision {
  const { active, held } = parties;
  const place = { namespace: view.namespace.name, name: secretName };
  if (active.length === 0 && held.length === 0) return leave(view, observed, parties, merge);
  if (active.length === 0 && onlyTheirs(held, observed)) return { references: 'freeze' };
  if (observed !== undefined && !observed.managed)
    return { references: 'detach', failure: foreignSecret(place) };
  if (observed !== undefined && isWrongType(observed))
    return { references: 'detach', failure: wrongSecretType(place, observed.type) };

  // Those that are suspended keep what stands there, and are given nothing new where nothing stands.
  const staying = observed === undefined ? [] : held;
  const contributors = view.credentials.filter(one => active.includes(one) || staying.includes(one));
  const merged = merge(contributors.map(one => asItStands(one, observed)));
  if (observed === undefined)
    return merged.logins.size === 0
      ? { references: 'keep', failure: noLoginYet(), merged }
      : { references: 'attach', change: apply(place, merged), merged };
  if (isUpToDate(observed, merged)) return { references: 'attach', merged };
  const refusal = merged.logins.size === 0 ? undefined : refusalOf(place, observed, merged);
  const certain = refusal === undefined ? merged : withoutUnlikely(merged);
  if (mustStay(observed, certain, view.credentials.filter(isDeleted)))
    return observed.terminating
      ? { references: 'keep', merged }
      : { references: 'attach', merged, stays: true };
  if (merged.logins.size === 0) return { ...remove(observed), failure: noLoginYet(), merged };
  if (refusal !== undefined) return { references: 'keep', failure: refusal, merged: certain };
  return { references: 'attach', change: apply(place, merged, observed), merged };
}

/** Nobody wants the Secret any more: undo, or let go of it as it is. */
function leave(
  { credentials }: NamespaceView,
  observed: SecretRecord | undefined,
  { orphaned }: Parties,
  merge: Merge,
): Decision {
  if (observed === undefined || !observed.managed || isWrongType(observed) || orphaned.length === 0)
    return remove(observed);
  // First take out the part of those who were undone before, then release the rest.
  const merged = merge(orphaned);
  const place = { namespace: observed.namespace, name: observed.name };
  const othersWereIn = observed.credentials.length > orphaned.length;
  const canBeWritten =
    !observed.immutable &&
    !observed.terminating &&
    !mustStay(observed, merged, credentials.filter(isDeleted));
  if (othersWereIn && merged.logins.size > 0 && canBeWritten)
    return { references: 'keep', change: apply(place, merged, observed) };
  return { references: 'disown', afterReferences: { kind: 'ReleaseSecret', ...identity(observed) } };
}

function remove(observed: SecretRecord | undefined): Decision {
  // A Secret of another type is not one that we made, whatever its label says.
  if (observed === undefined || !observed.managed || isWrongType(observed)) return { references: 'detach' };
  const kind = isHandedOver(observed) ? 'ReleaseSecret' : 'DeleteSecret';
  return observed.terminating && kind === 'DeleteSecret'
    ? { references: 'detach' }
    : { references: 'detach', afterReferences: { kind, ...identity(observed) } };
}

const apply = (
  place: { namespace: string; name: string },
  merged: Merged,
  observed?: SecretRecord,
): ApplySecret => ({
  kind: 'ApplySecret',
  ...place,
  uid: observed?.uid,
  merged,
  credentials: credentialsAfter(merged, observed),
  handedOver: observed !== undefined && isHandedOver(observed),
});

const identity = ({ namespace, name, uid, resourceVersion }: SecretRecord) => ({
  namespace,
  name,
  uid,
  resourceVersion,
});

const isWrongType = ({ type }: SecretRecord): boolean => type !== DOCKER_CONFIG_TYPE;

/** Somebody else set the label, now or (by our annotation) earlier. */
const isHandedOver = ({ handedOver, ownsLabel }: SecretRecord): boolean => handedOver || !ownsLabel;

const isUpToDate = (observed: SecretRecord, merged: Merged): boolean =>
  observed.content.digest === merged.digest &&
  observed.handedOver === isHandedOver(observed) &&
  observed.credentials.join() === credentialsAfter(merged, observed).join();

/** Who loses every server to others has nothing in the content that shows; an earlier run saw its logins, so it stays. */
const credentialsAfter = ({ credentials, unknown }: Merged, observed: SecretRecord | undefined): string[] => {
  const unseen = unknown.map(({ credential }) => credential);
  const staying = unseen.filter(credential => observed?.credentials.includes(credential));
  return [...new Set([...credentials, ...staying])].sort();
};

/** It may hold a login that we do not know (any more), of one who still wants it there. */
const mustStay = (
  { content, credentials }: SecretRecord,
  merged: Merged,
  gone: readonly CredentialView[] = [],
): boolean =>
  wouldDropUnknown(merged, content, credentials, gone) ||
  (merged.logins.size === 0 &&
    merged.unknown.some(({ credential, unlikely }) => unlikely !== true && credentials.includes(credential)));

/** Why it cannot be written at all. */
function refusalOf(
  place: { namespace: string; name: string },
  { terminating, immutable, content }: SecretRecord,
  { digest }: Merged,
): Failure | undefined {
  if (terminating) return terminatingSecret(place);
  return immutable && content.digest !== digest ? immutableSecret(place) : undefined;
}

/**
 * Where nothing is written anyway, what an earlier run in all likelihood never gave is no reason: it said that the
 * Secret cannot be written, and a restart makes no difference.
 */
const withoutUnlikely = (merged: Merged): Merged => ({
  ...merged,
  unknown: merged.unknown.filter(({ unlikely }) => unlikely !== true),
});

const isDeleted = ({ phase }: CredentialView): boolean => phase === 'deleted';

/** Nothing in the Secret is of anybody but those who are suspended. */
const onlyTheirs = (held: readonly CredentialView[], observed: SecretRecord | undefined): boolean =>
  observed?.managed !== true || observed.credentials.every(name => held.some(one => one.name === name));

/**
 * The part of a suspended RegistryCredential is what stands in the Secret. Its
 * source may have changed meanwhile; then we no longer know that part.
 */
function asItStands(credential: CredentialView, observed: SecretRecord | undefined): CredentialView {
  if (credential.phase !== 'suspended' || observed === undefined) return credential;
  const registries = credential.material.registries.map(registry => {
    if (registry.state !== 'known') return registry;
    const unchanged = registry.entries.every(
      ({ key, digest }) => observed.content.entries.get(key) === digest,
    );
    return unchanged ? registry : ({ state: 'unknown', keys: undefined } as const);
  });
  return { ...credential, material: materialOf(registries) };
}
