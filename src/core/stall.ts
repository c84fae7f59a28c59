// Specs that the schema admits but this operator cannot obey, until one of both changes.

import type { StalledReason } from '../api/conditions.ts';
import type { RegistryCredentialSpec } from '../api/types.ts';

export interface Stall {
  readonly reason: StalledReason;
  readonly message: string;
}

export function stallOf(spec: RegistryCredentialSpec, secretNames: readonly string[]): Stall | undefined {
  if (secretNames.includes(spec.secretName)) return undefined;
  return {
    reason: 'SecretNameNotServed',
    message:
      `the operator does not serve secretName "${spec.secretName}": use one of ${secretNames.join(', ')}, ` +
      'or add the name to its flag --secret-names, its ClusterRole and its ValidatingAdmissionPolicy',
  };
}
