// What a change of the RegistryCredentials would change in one namespace: the plan after it, without what
// was going to happen anyway.

import type { ApplySecret, Change, Failure, Plan } from './change.ts';
import type { Merge } from './merge.ts';
import { plan } from './plan.ts';
import type { SecretRecord, ServiceAccountRecord } from './records.ts';
import type { NamespaceView } from './view.ts';

export interface SecretDifference {
  readonly kind: 'Secret';
  readonly name: string;
  /** `released`: it stays as it is, and nobody looks after it any more. */
  readonly action: 'made' | 'updated' | 'released' | 'deleted';
  /** Servers as the kubelet indexes them. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export interface AccountDifference {
  readonly kind: 'ServiceAccount';
  readonly name: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export interface NamespaceDifference {
  readonly namespace: string;
  readonly changes: readonly (SecretDifference | AccountDifference)[];
  /** By RegistryCredential: those that this namespace would refuse, and did not before. */
  readonly failures: readonly (Failure & { readonly credential: string })[];
}

/** Undefined when it makes no difference. */
export function differenceIn(
  before: NamespaceView,
  after: NamespaceView,
  merge: Merge,
): NamespaceDifference | undefined {
  const [old, planned] = [plan(before, merge), plan(after, merge)];
  const anyway = new Set(allOf(old).map(change => fingerprint(change)));
  const changes = allOf(planned)
    .filter(change => !anyway.has(fingerprint(change)))
    .flatMap(change => differenceOf(change, after, old) ?? []);
  const failures = failuresIn(planned).filter(
    one =>
      !failuresIn(old).some(other => other.credential === one.credential && other.message === one.message),
  );
  if (changes.length === 0 && failures.length === 0) return undefined;
  return { namespace: after.namespace.name, changes, failures };
}

const allOf = ({ changes, afterReferences }: Plan): readonly Change[] => [...changes, ...afterReferences];

const failuresIn = ({ verdicts }: Plan) =>
  [...verdicts].flatMap(([credential, { failure }]) =>
    failure === undefined ? [] : [{ credential, ...failure }],
  );

/** Equal when the same would be written. */
function fingerprint(change: Change): string {
  if (change.kind !== 'ApplySecret') return JSON.stringify(change);
  const { kind, name, merged, credentials, handedOver } = change;
  return JSON.stringify([kind, name, merged.digest, credentials, handedOver]);
}

function differenceOf(
  change: Change,
  view: NamespaceView,
  old: Plan,
): SecretDifference | AccountDifference | undefined {
  if (change.kind === 'PatchServiceAccount') {
    const account = view.serviceAccounts.find(({ name }) => name === change.name);
    return account && accountDifference(account, change.pullSecrets);
  }
  const observed = view.secrets.find(({ name }) => name === change.name);
  if (change.kind === 'ApplySecret') return appliedDifference(change, observed, appliedIn(old, change.name));
  const isDeleted = change.kind === 'DeleteSecret';
  const removed = isDeleted ? [...(observed?.content.entries.keys() ?? [])].sort() : [];
  return {
    kind: 'Secret',
    name: change.name,
    action: isDeleted ? 'deleted' : 'released',
    added: [],
    changed: [],
    removed,
  };
}

function accountDifference(
  { name, pullSecrets: before }: ServiceAccountRecord,
  after: readonly string[],
): AccountDifference {
  const added = after.filter(entry => !before.includes(entry));
  const removed = before.filter(entry => !after.includes(entry));
  return { kind: 'ServiceAccount', name, added, removed };
}

const appliedIn = ({ changes }: Plan, name: string): ApplySecret | undefined =>
  changes.find((change): change is ApplySecret => change.kind === 'ApplySecret' && change.name === name);

/** `anyway`: what was to be written without the change. */
function appliedDifference(
  { name, merged }: ApplySecret,
  observed: SecretRecord | undefined,
  anyway: ApplySecret | undefined,
): SecretDifference {
  const before = new Map(observed?.content.entries);
  if (anyway !== undefined) {
    before.clear();
    for (const [key, { digest }] of anyway.merged.logins) before.set(key, digest);
  }
  const after = [...merged.logins].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    kind: 'Secret',
    name,
    action: observed === undefined && anyway === undefined ? 'made' : 'updated',
    added: after.filter(([key]) => !before.has(key)).map(([key]) => key),
    changed: after
      .filter(([key, { digest }]) => before.has(key) && before.get(key) !== digest)
      .map(([key]) => key),
    removed: [...before.keys()].filter(key => !merged.logins.has(key)).sort(),
  };
}

export interface DifferenceCounts {
  readonly namespaces: number;
  readonly secrets: Readonly<Record<SecretDifference['action'], number>>;
  readonly serviceAccounts: number;
  readonly refusing: number;
}

export function countsOf(differences: readonly NamespaceDifference[]): DifferenceCounts {
  const secrets = { made: 0, updated: 0, released: 0, deleted: 0 };
  let serviceAccounts = 0;
  for (const change of differences.flatMap(({ changes }) => changes)) {
    if (change.kind === 'Secret') secrets[change.action] += 1;
    else serviceAccounts += 1;
  }
  return {
    namespaces: differences.filter(({ changes }) => changes.length > 0).length,
    secrets,
    serviceAccounts,
    refusing: differences.filter(({ failures }) => failures.length > 0).length,
  };
}
