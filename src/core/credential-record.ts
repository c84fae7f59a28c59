// A RegistryCredential as the operator keeps it.

import type { RegistryCredentialSpec, RegistryCredentialStatus } from '../api/types.ts';

export interface CredentialRecord {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  /** Carries a deletionTimestamp. */
  readonly deleted: boolean;
  readonly finalizers: readonly string[];
  readonly spec: RegistryCredentialSpec;
  readonly status: RegistryCredentialStatus | undefined;
}
