// The last verdict of every RegistryCredential in every namespace: what status is
// counted from, whenever it is next written.

import type { Verdict } from '../core/change.ts';
import { type Tally, tally } from '../core/tally.ts';

const NONE: ReadonlyMap<string, Verdict> = new Map();

export class Ledger {
  readonly #byCredential = new Map<string, Map<string, Verdict>>();

  /** Replaces what was known of the namespace; returns the RegistryCredentials for which that changed. */
  record(namespace: string, verdicts: ReadonlyMap<string, Verdict>): string[] {
    const changed: string[] = [];
    for (const [credential, known] of this.#byCredential)
      if (!verdicts.has(credential) && known.delete(namespace)) changed.push(credential);
    for (const [credential, verdict] of verdicts) {
      const known = this.#byCredential.get(credential) ?? new Map<string, Verdict>();
      this.#byCredential.set(credential, known);
      const before = known.get(namespace);
      if (before !== undefined && isSame(before, verdict)) continue;
      known.set(namespace, verdict);
      changed.push(credential);
    }
    return changed;
  }

  forget(credential: string): void {
    this.#byCredential.delete(credential);
  }

  /** Those that it selected when they were last looked at. */
  namespacesOf(credential: string): string[] {
    return [...(this.#byCredential.get(credential)?.keys() ?? [])];
  }

  tally(credential: string): Tally {
    return tally(this.#byCredential.get(credential) ?? NONE);
  }
}

const isSame = (one: Verdict, other: Verdict): boolean =>
  one.leftOut === other.leftOut &&
  one.servedUnknown.join() === other.servedUnknown.join() &&
  one.serviceAccounts.selected === other.serviceAccounts.selected &&
  one.serviceAccounts.attached === other.serviceAccounts.attached &&
  one.failure?.reason === other.failure?.reason &&
  one.failure?.message === other.failure?.message;
