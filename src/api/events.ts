// Every Event about a RegistryCredential: its reasons and actions. Where a condition or a
// failure says the same, the Event has its reason.

import type {
  FailureReason,
  LoginFault,
  ReadyReason,
  SourceFailingReason,
  StalledReason,
} from './conditions.ts';

export type EventReason =
  /** What status says too; what is only on its way is no Event. */
  | Exclude<ReadyReason, 'Progressing' | 'Deleting'>
  | StalledReason
  | SourceFailingReason
  | FailureReason
  /** A registry says no to a login, or to the image with it. */
  | LoginFault
  /** No registry says no any more. */
  | 'LoginsVerified'
  /** No source fails any more. */
  | 'SourceRecovered'
  /** A namespace that refused does not any more. */
  | 'ConflictResolved'
  /** `spec.suspend` is false again. */
  | 'Resumed'
  /** The finalizer is off: nothing is left to be done. */
  | 'Undone';

/** What was done or tried. The rate of Events is limited for each of them apart. */
export type EventAction =
  /** To obey the spec. */
  | 'Validate'
  /** To get the logins from the sources. */
  | 'Fetch'
  /** To try the logins at their registries. */
  | 'Verify'
  /** To serve one namespace: what tenants do shows here, and nowhere else. */
  | 'Serve'
  /** To serve all that are selected. */
  | 'Sync'
  | 'Suspend'
  | 'Resume'
  | 'Undo';
