// Which RegistryCredentials are acted on: those that can be obeyed, and of which whatever
// is written is sure to be undone.

import { FINALIZER } from '../api/names.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import { isHindered, stallOf } from '../core/stall.ts';
import type { CredentialView } from '../core/view.ts';

/**
 * One that is deleted is undone, also where somebody took our finalizer off. A suspended one keeps what it has, whatever is
 * written into its spec meanwhile.
 */
export const isObeyed = (record: CredentialRecord, secretNames: readonly string[]): boolean =>
  record.deleted || record.spec.suspend === true || !isHindered(stallOf(record, secretNames));

/** Without our finalizer nothing new is given: it might not be undone. What is there stays, for it was not deleted. */
export const phaseOf = ({ deleted, finalizers, spec }: CredentialRecord): CredentialView['phase'] => {
  if (deleted) return 'deleted';
  return spec.suspend === true || !finalizers.includes(FINALIZER) ? 'suspended' : 'active';
};
