// What must hold at every step: each rule looks at one change that a replica made, and says what is wrong with it.

import type { Kinds, ResourceName } from '../../resources.ts';
import type { Desired } from '../oracle/desired.ts';

/** A change that a replica made. */
export interface Written<R extends ResourceName = ResourceName> {
  readonly resource: R;
  readonly namespace: string;
  readonly name: string;
  readonly before: Kinds[R] | undefined;
  /** Undefined: it was deleted. */
  readonly after: Kinds[R] | undefined;
  /** What was wanted and what there was, at any time from the view on which it was decided until just before it: the latest first. */
  readonly since: () => Iterable<Then>;
  /** The same, but back to the beginning. */
  readonly ever: () => Iterable<Then>;
}

/** A state of the cluster that the replica may have had before its eyes. */
export interface Then {
  /** By all RegistryCredentials. */
  readonly wanted: () => Desired;
  /** By those of which status has said something. One that is new takes a moment to take over from another. */
  readonly settled: () => Desired;
  /** By those that have our finalizer: before that nothing is given, for it might not be undone. */
  readonly obliged: () => Desired;
  /** Of a suspended one nobody knows which of the logins are its part. */
  readonly isOneSuspended: boolean;
  /** The same while nobody changes a spec. */
  readonly specs: string;
  readonly get: <R extends ResourceName>(resource: R, key: string) => Kinds[R] | undefined;
  readonly secrets: readonly Kinds['secrets'][];
  readonly accountsIn: (namespace: string) => readonly Kinds['serviceaccounts'][];
}

export interface Rule<R extends ResourceName = ResourceName> {
  readonly name: string;
  /** Whose changes it is asked about; all, when there is none. */
  readonly of?: R;
  /** What is wrong, as a sentence; undefined when nothing is. */
  readonly check: (written: Written<R>) => string | undefined;
}

/** True when it held at every time at which the replica may have looked. */
export function held(written: Written, isSo: (then: Then) => boolean): boolean {
  for (const then of written.since()) if (!isSo(then)) return false;
  return true;
}

/**
 * One of the items had a login by an earlier spec, of the same kind of source and for the same server: that stays, and
 * is given wherever it is wanted, while the source of today fails.
 */
export function hadLogin({ ever }: Written, items: readonly string[]): boolean {
  for (const { obliged } of ever())
    if (
      obliged()
        .itemsWithLogin()
        .some(item => items.includes(item))
    )
      return true;
  return false;
}
