// Namespaces that refuse, one Event for each that status newly names, and one when it does
// not refuse any more. Only those of `status.failures` are told, so there are ten at most.

import type { FailureReason } from '../api/conditions.ts';
import type { NamespaceFailure, RegistryCredentialStatus } from '../api/types.ts';
import { type CredentialEvent, normal, warning } from './credential-event.ts';
import { isRefusal } from './readiness.ts';

/** Namespace -> why it refuses. */
export type Conflicts = ReadonlyMap<string, string>;

type Failures = Pick<RegistryCredentialStatus, 'failures' | 'namespaces'>;

/** What concerns the operator or a source is the same in every namespace: Ready tells it, once. */
export const conflictsIn = ({ failures }: Failures): Conflicts =>
  new Map(failures.filter(isConflict).map(({ namespace, reason }) => [namespace, reason]));

/** The message is left out of the comparison: a quota counts in it. */
export function newConflicts(before: Conflicts, { failures }: Failures): CredentialEvent[] {
  return failures
    .filter(failure => isConflict(failure) && before.get(failure.namespace) !== failure.reason)
    .map(toEvent);
}

/** Of an undo whatever holds it up is told: Ready has no other reason then than Deleting. */
export function heldUp(before: Conflicts, { failures }: Failures): CredentialEvent[] {
  return failures.filter(({ namespace, reason }) => before.get(namespace) !== reason).map(toEvent);
}

export const resolvedConflicts = (before: Conflicts, status: Failures): CredentialEvent[] =>
  [...before.keys()]
    .filter(namespace => isOver(namespace, status))
    .map(namespace =>
      normal('ConflictResolved', 'Serve', `namespace ${namespace}: it does not refuse the login any more`),
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

const toEvent = ({ namespace, reason, message }: NamespaceFailure): CredentialEvent =>
  warning(reason as FailureReason, 'Serve', `namespace ${namespace}: ${message}`);
