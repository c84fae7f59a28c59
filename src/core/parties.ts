// Who has a say in one Secret of one namespace.

import type { SecretRecord } from './records.ts';
import { selectsNamespace } from './selection.ts';
import type { CredentialView, NamespaceView } from './view.ts';

export interface Parties {
  /** They select the namespace, and the Secret is to hold their logins. */
  readonly active: readonly CredentialView[];
  /** Suspended: what they have there stays as it is, and they take nothing new. */
  readonly held: readonly CredentialView[];
  /** Deleted with `deletionPolicy: Orphan`: what they have there is released as it is. */
  readonly orphaned: readonly CredentialView[];
}

export function partiesOf(
  view: NamespaceView,
  secretName: string,
  observed: SecretRecord | undefined,
): Parties {
  const listed = (credential: CredentialView): boolean =>
    observed?.credentials.includes(credential.name) ?? false;
  const selecting = view.credentials.filter(
    credential =>
      credential.secretName === secretName &&
      selectsNamespace(credential.namespaceSelector, view.namespace, view.operatorNamespace),
  );
  return {
    active: selecting.filter(({ phase }) => phase === 'active'),
    // Without a Secret of ours the list is not there to tell what a suspended one had.
    held: view.credentials.filter(
      credential =>
        credential.phase === 'suspended' &&
        (listed(credential) || (observed?.managed !== true && selecting.includes(credential))),
    ),
    orphaned: selecting.filter(
      credential =>
        credential.phase === 'deleted' && credential.deletionPolicy === 'Orphan' && listed(credential),
    ),
  };
}
