// The last verdict of every RegistryCredential in every namespace: what status is
// counted from, whenever it is next written.

import type { Verdict } from '../core/change.ts';
import { type Tally, tally } from '../core/tally.ts';

interface Account {
  readonly verdicts: Map<string, Verdict>;
  /** The last few that were new: thousands of namespaces have one of a few, and share it. */
  recent: readonly Verdict[];
}

const MOST_RECENT = 8;

const NONE: ReadonlyMap<string, Verdict> = new Map();

export class Ledger {
  readonly #byCredential = new Map<string, Account>();

  /** Replaces what was known of the namespace; returns the RegistryCredentials for which that changed. */
  record(namespace: string, verdicts: ReadonlyMap<string, Verdict>): string[] {
    const changed: string[] = [];
    for (const [credential, account] of this.#byCredential)
      if (!verdicts.has(credential) && account.verdicts.delete(namespace)) changed.push(credential);
    for (const [credential, verdict] of verdicts) {
      const account = this.#byCredential.get(credential) ?? { verdicts: new Map(), recent: [] };
      this.#byCredential.set(credential, account);
      const before = account.verdicts.get(namespace);
      if (before !== undefined && isSame(before, verdict)) continue;
      account.verdicts.set(namespace, shared(verdict, account));
      changed.push(credential);
    }
    return changed;
  }

  forget(credential: string): void {
    this.#byCredential.delete(credential);
  }

  /** Those that it selected when they were last looked at. */
  namespacesOf(credential: string): string[] {
    return [...(this.#byCredential.get(credential)?.verdicts.keys() ?? [])];
  }

  tally(credential: string): Tally {
    return tally(this.#byCredential.get(credential)?.verdicts ?? NONE);
  }
}

function shared(verdict: Verdict, account: Account): Verdict {
  const known = account.recent.find(one => isSame(one, verdict));
  if (known === undefined) account.recent = [verdict, ...account.recent].slice(0, MOST_RECENT);
  return known ?? verdict;
}

const isSame = (one: Verdict, other: Verdict): boolean =>
  one === other ||
  (one.leftOut === other.leftOut &&
    one.servedUnknown.join() === other.servedUnknown.join() &&
    one.serviceAccounts.selected === other.serviceAccounts.selected &&
    one.serviceAccounts.attached === other.serviceAccounts.attached &&
    one.failure?.reason === other.failure?.reason &&
    one.failure?.message === other.failure?.message);
