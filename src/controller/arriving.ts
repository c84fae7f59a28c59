// RegistryCredentials that are about to have a say: seen, but without our finalizer or the logins of their present spec
// yet, or with one that is being tried. What another one leaves may be what they want, so it is not taken away meanwhile.

import { FINALIZER } from '../api/names.ts';
import type { Plan } from '../core/change.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import { selectsNamespace } from '../core/selection.ts';
import type { CredentialBook, CredentialEntry } from './credential-book.ts';
import { isObeyed } from './obeyed.ts';
import type { World } from './world.ts';

/** Some milliseconds from now the namespace is looked at once more, for one that selects it. */
export function isAwaited(namespace: string, world: World, book: CredentialBook): boolean {
  const record = world.namespaces.get('', namespace);
  if (record === undefined) return false;
  return [...world.credentials.all()].some(
    one =>
      !one.deleted &&
      one.spec.suspend !== true &&
      (!one.finalizers.includes(FINALIZER) || !isReady(one, book.get(one))) &&
      isObeyed(one, world.secretNames) &&
      selectsNamespace(one.spec.namespaceSelector, record, world.operatorNamespace),
  );
}

const isReady = ({ generation }: CredentialRecord, entry: CredentialEntry | undefined): boolean =>
  entry?.generation === generation && !entry.registries.some(({ isHolding }) => isHolding);

/** It does more than add to what is there. */
export const takesAway = ({ changes, afterReferences }: Plan): boolean =>
  afterReferences.length > 0 ||
  changes.some(change =>
    change.kind === 'PatchServiceAccount' ? change.detached.length > 0 : change.uid !== undefined,
  );
