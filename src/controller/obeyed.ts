// Which RegistryCredentials are acted on: those that can be obeyed, and of which whatever
// is written is sure to be undone.

import { FINALIZER } from '../api/names.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import { stallOf } from '../core/stall.ts';

/** A suspended one keeps what it has, whatever is written into its spec meanwhile. */
export const isObeyed = (
  { deleted, finalizers, spec }: CredentialRecord,
  secretNames: readonly string[],
): boolean =>
  finalizers.includes(FINALIZER) &&
  (deleted || spec.suspend === true || stallOf(spec, secretNames) === undefined);
