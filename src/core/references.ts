// The imagePullSecrets of one ServiceAccount. The list is replaced as a whole by
// the API server, so every entry that is not ours is carried over as it was.

import type { PatchServiceAccount } from './change.ts';
import type { ServiceAccountRecord } from './records.ts';
import { isSameList } from './same-list.ts';
import type { SecretDecision } from './secret-decision.ts';
import { selectsServiceAccount } from './selection.ts';

/** The one patch that makes `account` right for all our Secrets, or undefined when it is. */
export function planReferences(
  account: ServiceAccountRecord,
  decisions: readonly SecretDecision[],
): PatchServiceAccount | undefined {
  // What stands in our annotation and nowhere else was put there by somebody's mistake.
  const isEntry = (name: string): boolean =>
    account.pullSecrets.includes(name) ||
    decisions.some(({ secretName, references }) => secretName === name || references === 'freeze');
  let lists: Lists = { entries: account.pullSecrets, own: account.ownPullSecrets.filter(isEntry) };
  for (const decision of decisions) lists = REWRITE[wish(decision, account)](lists, decision.secretName);
  const isRight =
    isSameList(lists.entries, account.pullSecrets) && isSameList(lists.own, account.ownPullSecrets);
  if (isRight && !account.ownership.isInTheWay) return undefined;
  const { namespace, name, resourceVersion, ownership } = account;
  return {
    kind: 'PatchServiceAccount',
    namespace,
    name,
    resourceVersion,
    pullSecrets: lists.entries,
    ownPullSecrets: lists.own,
    detached: account.ownPullSecrets.filter(one => !lists.own.includes(one)),
    owners: ownership.owners,
  };
}

type Wish = 'attach' | 'keep' | 'detach' | 'disown';

function wish({ references, parties }: SecretDecision, account: ServiceAccountRecord): Wish {
  if (references === 'freeze') return 'keep';
  if (references === 'detach' || references === 'disown') return references;
  if (parties.active.some(one => selectsServiceAccount(one.serviceAccounts, account))) return references;
  const isShared = parties.active.length + parties.held.length > 0;
  // Orphan leaves nothing behind in what others go on with.
  const others = isShared ? parties.held : parties.orphaned;
  return others.some(one => selectsServiceAccount(one.serviceAccounts, account)) ? 'keep' : 'detach';
}

interface Lists {
  readonly entries: readonly string[];
  readonly own: readonly string[];
}

const REWRITE: Record<Wish, (lists: Lists, name: string) => Lists> = {
  keep: lists => lists,
  // An entry that is there already, ours or theirs, does its work.
  attach: (lists, name) =>
    lists.entries.includes(name)
      ? lists
      : { entries: [...lists.entries, name], own: [...new Set([...lists.own, name])].sort() },
  disown: ({ entries, own }, name) => ({ entries, own: own.filter(one => one !== name) }),
  // Only one occurrence is ours: a second was added by somebody else.
  detach: ({ entries, own }, name) =>
    own.includes(name)
      ? { entries: withoutLast(entries, name), own: own.filter(one => one !== name) }
      : { entries, own },
};

function withoutLast(entries: readonly string[], name: string): readonly string[] {
  const at = entries.lastIndexOf(name);
  return at < 0 ? entries : entries.toSpliced(at, 1);
}
