// Which namespaces a change of a RegistryCredential concerns: those that it selects,
// and those that carry a mark which may be its.

import type { CredentialRecord } from '../core/credential-record.ts';
import type { NamespaceRecord } from '../core/records.ts';
import { selectsNamespace } from '../core/selection.ts';
import type { World } from './world.ts';

export function affectedNamespaces(world: World, { name, spec }: CredentialRecord): string[] {
  return namesOf(
    world,
    namespace =>
      selectsNamespace(spec.namespaceSelector, namespace, world.operatorNamespace) ||
      isMarked(world, namespace.name, name),
  );
}

/** Selected or not. */
export function markedNamespaces(world: World, credential: string): string[] {
  return namesOf(world, ({ name }) => isMarked(world, name, credential));
}

/** Whether a Secret of ours says anywhere that it holds logins of it. */
export function isListedAnywhere(world: World, credential: string): boolean {
  for (const store of world.secrets.values())
    for (const { managed, credentials } of store.all())
      if (managed && credentials.includes(credential)) return true;
  return false;
}

/** Marked, and not selected, any more perhaps. */
export function leftNamespaces(world: World, { name, spec }: CredentialRecord): string[] {
  return namesOf(
    world,
    namespace =>
      !selectsNamespace(spec.namespaceSelector, namespace, world.operatorNamespace) &&
      isMarked(world, namespace.name, name),
  );
}

function namesOf(world: World, isWanted: (namespace: NamespaceRecord) => boolean): string[] {
  const names: string[] = [];
  for (const namespace of world.namespaces.all()) if (isWanted(namespace)) names.push(namespace.name);
  return names;
}

/** Asked for each of ten thousand namespaces in one turn: makes no list. */
function isMarked(world: World, namespace: string, credential: string): boolean {
  let isOurs = false;
  for (const [name, store] of world.secrets) {
    const secret = store.get(namespace, name);
    if (secret?.managed !== true) continue;
    if (secret.credentials.includes(credential)) return true;
    isOurs = true;
  }
  if (isOurs) return false;
  // References without a Secret do not say whose they are.
  for (const { ownPullSecrets } of world.serviceAccounts.inNamespace(namespace))
    if (ownPullSecrets.length > 0) return true;
  return false;
}
