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
  /** Suspended where it cannot be read. */
  readonly spec: RegistryCredentialSpec;
  /** The path of the field that this version cannot read, such as `spec.registries[0].basic`. */
  readonly unreadable: string | undefined;
  /** The value of the annotation by which somebody asks for new logins, up to so many characters as status has room for. */
  readonly refreshRequest?: string | undefined;
  readonly status: RegistryCredentialStatus | undefined;
}
