// One intended write each. Plan makes them, apply carries them out.

import type { FailureReason } from '../api/conditions.ts';
import type { LeftOut, Merged } from './merge.ts';
import type { FieldOwner } from './records.ts';

/** Sets both lists, and leaves them to their owners; valid only for the resourceVersion that they were computed from. */
export interface PatchServiceAccount {
  readonly kind: 'PatchServiceAccount';
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly pullSecrets: readonly string[];
  readonly ownPullSecrets: readonly string[];
  /** Of the names that were in `ownPullSecrets`, those that are not any more. */
  readonly detached: readonly string[];
  /** Those who owned `pullSecrets`, and are to own it afterwards. */
  readonly owners: readonly FieldOwner[];
}

/** Creates the Secret when `uid` is undefined, otherwise updates exactly that one in place. */
export interface ApplySecret {
  readonly kind: 'ApplySecret';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string | undefined;
  readonly merged: Merged;
  readonly credentials: readonly string[];
  readonly handedOver: boolean;
}

/** Takes our label and annotations off and leaves the content. */
export interface ReleaseSecret {
  readonly kind: 'ReleaseSecret';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

export interface DeleteSecret {
  readonly kind: 'DeleteSecret';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

export type Change = PatchServiceAccount | ApplySecret | ReleaseSecret | DeleteSecret;

export interface Failure {
  readonly reason: FailureReason;
  /** One sentence that says what to do; the same from run to run. */
  readonly message: string;
}

/** How one RegistryCredential stands in one namespace that it selects. */
export interface Verdict {
  readonly failure: Failure | undefined;
  readonly serviceAccounts: { readonly selected: number; readonly attached: number };
  readonly leftOut: readonly LeftOut[];
  /** Items of `spec.registries` whose login we do not know, and which an earlier run serves here. */
  readonly servedUnknown: readonly number[];
}

export interface Plan {
  /** Independent of each other: they may be carried out side by side. */
  readonly changes: readonly Change[];
  /** Only once every one of `changes` has succeeded: a reference must not dangle. */
  readonly afterReferences: readonly Change[];
  /** By name of the active RegistryCredentials that select the namespace. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** By name of those RegistryCredentials that are deleted and whose login has to stay for now: why. */
  readonly undoHeldBack: ReadonlyMap<string, Failure>;
  /** For whose sake a Secret stays as it is: it holds a login that may be theirs, and is not known. */
  readonly doubts: readonly Doubt[];
}

export interface Doubt {
  readonly credential: string;
  /** Index in `spec.registries`. */
  readonly registry: number;
}
