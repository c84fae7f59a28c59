// What the oracle is asked, and what it answers: all that is in the cluster, and what of it
// ought to be ours.

import type { Kinds } from '../../resources.ts';

export type Credential = Kinds['registrycredentials'];
export type Namespace = Kinds['namespaces'];
export type ServiceAccount = Kinds['serviceaccounts'];
export type Secret = Kinds['secrets'];

/** Whole objects as the API server has them: sources among the Secrets, and what is being deleted. */
export interface Snapshot {
  readonly credentials: readonly Credential[];
  readonly namespaces: readonly Namespace[];
  readonly serviceAccounts: readonly ServiceAccount[];
  readonly secrets: readonly Secret[];
}

/** What a source Secret of the operator's namespace held at earlier times, oldest first; not what it holds now. */
export type Past = (sourceName: string) => readonly Secret[];

/** How the operator was started. */
export interface Rules {
  readonly operatorNamespace: string;
  readonly secretNames: readonly string[];
  /** Of one that is not to be handed out. */
  readonly isHeldBack?: IsHeldBack;
}

export type IsHeldBack = (login: Login) => boolean;

export interface Login {
  /** As it was written. */
  readonly server: string;
  readonly username: string;
  readonly password: string;
  readonly email?: string;
}

export interface DesiredLogin {
  /** Any of these is right. More than one where a source fails: what was known last depends on when the operator was started. */
  readonly anyOf: readonly Login[];
  /** It may also be absent: its source fails, and was perhaps never seen sound since the start. */
  readonly optional: boolean;
}

/** What stands in the way. */
export type Refusal = 'foreign' | 'immutable' | 'wrongType';

export interface DesiredSecret {
  readonly refused: Refusal | undefined;
  /** By the key under which the kubelet finds a login. */
  readonly logins: ReadonlyMap<string, DesiredLogin>;
}

export interface Desired {
  /** Undefined: none of ours is wanted there. */
  secret(namespace: string, name: string): DesiredSecret | undefined;
  /** The Secrets that the ServiceAccount has to refer to, sorted. */
  references(namespace: string, serviceAccount: string): readonly string[];
  /** Those, and the ones that the design leaves open or that depend on what was before. */
  mayReferTo(namespace: string, serviceAccount: string): readonly string[];
  /** The items of RegistryCredentials that want the Secret there, each by uid, kind of source and server. */
  items(namespace: string, name: string): readonly string[];
  /** Those whose sources have or had a login, wherever they want it. */
  itemsWithLogin(): readonly string[];
}
