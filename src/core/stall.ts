// Specs that the schema admits but this operator cannot obey, until one of both changes.

import type { StalledReason } from '../api/conditions.ts';
import type { CredentialRecord } from './credential-record.ts';

export interface Stall {
  readonly reason: StalledReason;
  readonly message: string;
}

export function stallOf(
  { spec, unreadable }: Pick<CredentialRecord, 'spec' | 'unreadable'>,
  secretNames: readonly string[],
): Stall | undefined {
  if (unreadable !== undefined) {
    return {
      reason: 'SpecUnreadable',
      message:
        `this version of the operator cannot read ${unreadable}, so everything stays as it is: ` +
        'correct it, or run the operator that belongs to the CRD',
    };
  }
  if (secretNames.includes(spec.secretName)) return undefined;
  return {
    reason: 'SecretNameNotServed',
    message:
      `the operator does not serve secretName "${spec.secretName}": use one of ${secretNames.join(', ')}, ` +
      'or add the name to its flag --secret-names, its ClusterRole and its ValidatingAdmissionPolicy',
  };
}
