// Which namespaces a change of a RegistryCredential concerns: those that it selects,
// and those that carry a mark which may be its.

import type { CredentialRecord } from '../core/credential-record.ts';
import type { NamespaceRecord } from '../core/records.ts';
import { selectsNamespace } from '../core/selection.ts';
import { secretsIn, type World } from './world.ts';

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

function namesOf(world: World, isWanted: (namespace: NamespaceRecord) => boolean): string[] {
  return [...world.namespaces.all()].filter(isWanted).map(({ name }) => name);
}

function isMarked(world: World, namespace: string, credential: string): boolean {
  const ours = secretsIn(world, namespace).filter(({ managed }) => managed);
  if (ours.length > 0) return ours.some(({ credentials }) => credentials.includes(credential));
  // References without a Secret do not say whose they are.
  for (const { ownPullSecrets } of world.serviceAccounts.inNamespace(namespace))
    if (ownPullSecrets.length > 0) return true;
  return false;
}
