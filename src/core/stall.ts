// Specs that the schema admits but this operator cannot obey, until one of both changes.

import type { StalledReason } from '../api/conditions.ts';
import type { CredentialRecord } from './credential-record.ts';
import { scheduleOf } from './schedule.ts';

export interface Stall {
  readonly reason: StalledReason;
  readonly message: string;
}

/** Whether it keeps the rest of the spec from being obeyed: nobody loses a login by a slip in a schedule. */
export const isHindered = (stall: Stall | undefined): boolean =>
  stall !== undefined && stall.reason !== 'ScheduleInvalid';

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
  if (secretNames.includes(spec.secretName)) return scheduleStall(spec);
  return {
    reason: 'SecretNameNotServed',
    message:
      `the operator does not serve secretName "${spec.secretName}": use one of ${secretNames.join(', ')}, ` +
      'or add the name to its flag --secret-names, its ClusterRole and its ValidatingAdmissionPolicy',
  };
}

function scheduleStall({ refresh }: Pick<CredentialRecord['spec'], 'refresh'>): Stall | undefined {
  const parsed = refresh && scheduleOf(refresh);
  if (parsed === undefined || parsed.ok) return undefined;
  const message = `${parsed.message}; until then logins are fetched only in time before they end`;
  return { reason: 'ScheduleInvalid', message };
}
