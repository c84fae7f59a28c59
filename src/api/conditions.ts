// Condition types and every reason that a RegistryCredential can show.

export interface Condition {
  type: ConditionType;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  /** RFC 3339; moves only when status does. */
  lastTransitionTime: string;
  observedGeneration: number;
}

/**
 * Ready is always there; Verified, of any status, once logins were tried; the others only while they are True
 * (kstatus reads Reconciling and Stalled).
 */
export type ConditionType = 'Ready' | 'Reconciling' | 'Stalled' | 'SourceFailing' | 'Conflict' | 'Verified';

/** Reasons of Ready. */
export type ReadyReason =
  | 'Synced'
  | 'NoNamespaceSelected'
  | 'Progressing'
  | 'SourceFailed'
  | 'Expired'
  | 'Conflict'
  | 'Forbidden'
  | 'WriteFailed'
  | 'Suspended'
  | 'Deleting';

/** The spec cannot be obeyed; also the reason of Ready then. */
export type StalledReason =
  /** `secretName` is not among the names that the operator was started with. */
  | 'SecretNameNotServed'
  /** The CRD is of another version, and this one cannot read what it lets in. */
  | 'SpecUnreadable'
  /** `refresh` means nothing. All but that is obeyed. */
  | 'ScheduleInvalid';

export type SourceFailingReason =
  /** The login that it gave last stays in use. */
  | 'LastKnownGoodServed'
  /** The same, and less than a quarter of its life is left. */
  | 'LoginExpiring'
  /** The login that it gave last has ended, and is left where it is. */
  | 'Expired'
  /** It has not given a login yet. */
  | 'SourceFailed'
  /** It is well but for single entries, or another one goes before it. */
  | 'EntryLeftOut';

/** Reasons of Verified, and of status.registries[].verified; docs/registry-checks.md says when it is which. */
export type VerifiedReason =
  | 'LoginAccepted'
  | 'PullAllowed'
  | LoginFault
  | 'ServerUnusable'
  | 'ImageUnusable'
  | 'CAUnusable'
  | 'Unreachable'
  | 'CertificateUntrusted'
  | 'AddressRefused'
  | 'Timeout'
  | 'RateLimited'
  | 'ServerError'
  | 'NotARegistry'
  | 'Redirected'
  | 'RealmRefused'
  | 'BadAnswer'
  | 'LoginNotAsked'
  | 'HeldBack';

/** Those for which Verified is False. */
export type LoginFault = 'LoginRejected' | 'PullDenied' | 'ImageNotFound';

/** Why one namespace is not served; reasons of status.failures[]. */
export type FailureReason =
  /** A Secret of our name that somebody else made. */
  | 'ForeignSecret'
  /** Our Secret is of another type than kubernetes.io/dockerconfigjson. */
  | 'WrongSecretType'
  /** Our Secret is immutable and outdated. */
  | 'ImmutableSecret'
  /** There is no login to write yet. */
  | 'SourceFailed'
  /** The namespace said no: quota, an admission policy or webhook. */
  | 'Refused'
  /** Somebody changes again and again what we write. */
  | 'Contested'
  /** The authorizer said no: the operator's RBAC is incomplete. */
  | 'Forbidden'
  /** The API server keeps failing. */
  | 'WriteFailed';
