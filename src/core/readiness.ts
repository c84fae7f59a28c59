// The one question that everybody asks: is it well? The order of the checks is the
// order of what a person should mend first.

import type { ReadyReason, StalledReason } from '../api/conditions.ts';
import { FINALIZER, SYNC_LABEL } from '../api/names.ts';
import type { LabelSelector } from '../api/types.ts';
import type { Failure } from './change.ts';
import type { CredentialRecord } from './credential-record.ts';
import type { RegistryReport } from './registry-report.ts';
import { suffix } from './registry-status.ts';
import type { Stall } from './stall.ts';
import type { Tally } from './tally.ts';

export interface Situation {
  readonly record: CredentialRecord;
  readonly stall: Stall | undefined;
  /** As judged: never `unknown`. */
  readonly reports: readonly RegistryReport[];
  readonly tally: Tally;
  /** A new generation or new material is on its way to the namespaces. */
  readonly isRollingOut: boolean;
  /** The tally is of now; otherwise the counts that were said last still stand. */
  readonly isCounted: boolean;
  /** The value of the annotation for which logins were fetched, if that was since the operator started. */
  readonly handledRefresh?: string | undefined;
  /** The API server refuses us something as a whole. */
  readonly problem: Failure | undefined;
}

export interface Readiness {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: ReadyReason | StalledReason;
  readonly message: string;
}

const CHECKS: readonly ((situation: Situation) => Readiness | undefined)[] = [
  isUndone,
  isBeingDeleted,
  cannotBeObeyed,
  isSuspended,
  isRefusedAltogether,
  isOnItsWay,
  isRefusedByApiServer,
  lacksLogin,
  hasExpired,
  selectsNothing,
  isRefusedEverywhere,
];

export function readinessOf(situation: Situation): Readiness {
  for (const check of CHECKS) {
    const readiness = check(situation);
    if (readiness !== undefined) return readiness;
  }
  return {
    status: 'True',
    reason: 'Synced',
    message: 'every selected namespace that takes it has its login',
  };
}

/** Of these a namespace, not the operator or the source, is the cause. */
export const isRefusal = ({ reason }: Failure): boolean =>
  reason !== 'SourceFailed' && reason !== 'Forbidden' && reason !== 'WriteFailed';

const KEPT_BY_OTHERS = 'only finalizers of others keep the object';

/** Whether a status, by the message of its Ready, is the last word about what was undone. */
export const saysUndone = (message: string | undefined): boolean =>
  message?.includes(KEPT_BY_OTHERS) === true;

/** Gone but for what others have put on the object: nothing of it is to be waited for. */
function isUndone({ record, stall, isRollingOut }: Situation): Readiness | undefined {
  const { deleted, finalizers, spec } = record;
  if (!deleted || isRollingOut || finalizers.length === 0 || finalizers.includes(FINALIZER)) return undefined;
  const left = stall?.reason === 'SecretNameNotServed' || spec.deletionPolicy === 'Orphan';
  const message =
    `what was given to the namespaces ${left ? 'stays there, and nobody looks after it' : 'is undone'}; ` +
    `${KEPT_BY_OTHERS}: ${finalizers.join(', ')}`;
  return { status: 'False', reason: 'Deleting', message };
}

function isBeingDeleted({ record, problem, tally }: Situation): Readiness | undefined {
  if (!record.deleted) return undefined;
  const [refusing] = tally.failures;
  const message = ['what was given to the namespaces is being undone', problem?.message];
  if (refusing !== undefined) message.push(`${refusing.namespace}: ${refusing.message}`);
  return { status: 'False', reason: 'Deleting', message: message.filter(Boolean).join('; ') };
}

function cannotBeObeyed({ stall }: Situation): Readiness | undefined {
  return stall && { status: 'False', ...stall };
}

function isSuspended({ record }: Situation): Readiness | undefined {
  if (record.spec.suspend !== true) return undefined;
  return {
    status: 'Unknown',
    reason: 'Suspended',
    message: 'nothing is changed until spec.suspend is false',
  };
}

const refused = ({ reason, message }: Failure): Readiness => ({
  status: 'False',
  reason: reason === 'Forbidden' ? 'Forbidden' : 'WriteFailed',
  message,
});

function isRefusedAltogether({ problem }: Situation): Readiness | undefined {
  return problem && refused(problem);
}

function isOnItsWay({ isRollingOut }: Situation): Readiness | undefined {
  if (!isRollingOut) return undefined;
  return { status: 'False', reason: 'Progressing', message: 'rolling out to the selected namespaces' };
}

function isRefusedByApiServer({ tally }: Situation): Readiness | undefined {
  for (const reason of ['Forbidden', 'WriteFailed'] as const) {
    const failure = tally.failures.find(one => one.reason === reason);
    if (failure !== undefined) return refused(failure);
  }
  return undefined;
}

function lacksLogin({ reports, tally }: Situation): Readiness | undefined {
  const index = reports.findIndex(({ state }) => state === 'failed');
  const report = reports[index];
  // Without one it is the source of another that keeps the login out of a Secret.
  const message = report
    ? `registries[${index}]: ${report.message ?? ''}`
    : tally.failures.find(({ reason }) => reason === 'SourceFailed')?.message;
  return message === undefined ? undefined : { status: 'False', reason: 'SourceFailed', message };
}

/** It may be all the same to who pulls, but nobody knows. */
function hasExpired({ reports }: Situation): Readiness | undefined {
  const index = reports.findIndex(({ state }) => state === 'expired');
  const report = reports[index];
  if (report === undefined) return undefined;
  const message = `registries[${index}]: ${report.message ?? ''}${suffix(report)}`;
  return { status: 'False', reason: 'Expired', message };
}

function selectsNothing({ record, tally }: Situation): Readiness | undefined {
  if (tally.namespaces.selected > 0) return undefined;
  const message = `no namespace is selected; ${howToOptIn(record.spec.namespaceSelector)}`;
  return { status: 'True', reason: 'NoNamespaceSelected', message };
}

function howToOptIn({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  if (matchExpressions.length > 0) return 'see spec.namespaceSelector for the labels that one needs';
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  if (labels.length === 0) return `every namespace is kept out by its label ${SYNC_LABEL}=false`;
  return `to opt one in: kubectl label namespace NAME ${labels.join(' ')}`;
}

function isRefusedEverywhere({ tally }: Situation): Readiness | undefined {
  const [failure] = tally.failures.filter(isRefusal);
  if (failure === undefined || tally.namespaces.synced > 0) return undefined;
  return {
    status: 'False',
    reason: 'Conflict',
    message: `no selected namespace takes it: ${failure.message}`,
  };
}
