// Namespaces that refuse, one Event for each that status newly names, and one when it does
// not refuse any more. Only those of `status.failures` are told, so there are ten at most.

import type { FailureReason } from '../api/conditions.ts';
import type { NamespaceFailure, RegistryCredentialStatus } from '../api/types.ts';
import { type CredentialEvent, normal, warning } from './credential-event.ts';
import { isRefusal } from './readiness.ts';

/** Namespace -> why it refuses. */
export type Conflicts = ReadonlyMap<string, string>;

type Failures = Pick<RegistryCredentialStatus, 'failures' | 'namespaces'>;

export const conflictsIn = (status: RegistryCredentialStatus): Conflicts =>
  new Map(conflicting(status).map(({ namespace, reason }) => [namespace, reason]));

/** The message is left out of the comparison: a quota counts in it. */
export const newConflicts = (before: Conflicts, status: RegistryCredentialStatus): CredentialEvent[] =>
  conflicting(status)
    .filter(({ namespace, reason }) => before.get(namespace) !== reason)
    .map(({ namespace, reason, message }) =>
      warning(reason as FailureReason, 'Serve', `namespace ${namespace}: ${message}`),
    );

/**
 * What concerns the operator or a source is the same in every namespace, and Ready tells it once.
 * Of an undo Ready tells nothing, so whatever holds it up is told here.
 */
function conflicting({ failures, conditions }: RegistryCredentialStatus): NamespaceFailure[] {
  const isUndone = conditions.some(({ type, reason }) => type === 'Ready' && reason === 'Deleting');
  return isUndone ? failures : failures.filter(isConflict);
}

export const resolvedConflicts = (before: Conflicts, status: Failures): CredentialEvent[] =>
  [...before.keys()]
    .filter(namespace => isOver(namespace, status))
    .map(namespace =>
      normal(
        'ConflictResolved',
        'Serve',
        `namespace ${namespace}: it does not refuse the login any more, or none is meant for it`,
      ),
    );

/** Those that fail otherwise for the moment: whether they still refuse will show afterwards. */
export const unclearConflicts = (before: Conflicts, { failures }: Failures): Conflicts =>
  new Map(
    failures.flatMap(failure => {
      const reason = isConflict(failure) ? undefined : before.get(failure.namespace);
      return reason === undefined ? [] : [[failure.namespace, reason] as const];
    }),
  );

const isConflict = ({ reason, message }: NamespaceFailure): boolean =>
  isRefusal({ reason: reason as FailureReason, message });

/** One that is named no more because others come first by name may well go on refusing. */
function isOver(namespace: string, { failures, namespaces }: Failures): boolean {
  if (failures.some(failure => failure.namespace === namespace)) return false;
  const last = failures.at(-1);
  return last === undefined || namespaces.failed <= failures.length || namespace < last.namespace;
}
