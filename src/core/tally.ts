// From the verdicts of single namespaces to the counts of one RegistryCredential.

import type { NamespaceFailure } from '../api/types.ts';
import type { Failure, Verdict } from './change.ts';
import type { LeftOut } from './merge.ts';

export interface Tally {
  readonly namespaces: { readonly selected: number; readonly synced: number; readonly failed: number };
  readonly serviceAccounts: { readonly selected: number; readonly attached: number };
  /** All that fail, sorted by namespace. */
  readonly failures: readonly (NamespaceFailure & Failure)[];
  /** Each once. */
  readonly leftOut: readonly LeftOut[];
  /** Items of `spec.registries` that are served somewhere though their login is not known any more. */
  readonly servedUnknown: ReadonlySet<number>;
}

/** `verdicts` by namespace. */
export function tally(verdicts: ReadonlyMap<string, Verdict>): Tally {
  const serviceAccounts = { selected: 0, attached: 0 };
  const failures: (NamespaceFailure & Failure)[] = [];
  // Namespaces with the same contributors share one list.
  const leftOut = new Set<readonly LeftOut[]>();
  const servedUnknown = new Set<number>();
  for (const [namespace, verdict] of verdicts) {
    serviceAccounts.selected += verdict.serviceAccounts.selected;
    serviceAccounts.attached += verdict.serviceAccounts.attached;
    if (verdict.failure !== undefined) failures.push({ namespace, ...verdict.failure });
    if (verdict.leftOut.length > 0) leftOut.add(verdict.leftOut);
    for (const index of verdict.servedUnknown) servedUnknown.add(index);
  }
  const selected = verdicts.size;
  return {
    namespaces: { selected, synced: selected - failures.length, failed: failures.length },
    serviceAccounts,
    failures: failures.sort((a, b) => (a.namespace < b.namespace ? -1 : 1)),
    leftOut: [...leftOut].flat(),
    servedUnknown,
  };
}
