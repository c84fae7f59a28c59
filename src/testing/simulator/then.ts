// The states that a replica may have had before its eyes, with what was wanted in each. Worked
// out one by one, and only as far as a rule asks.

import type { Kinds, ResourceName } from '../resources.ts';
import type { Decision } from './decisions.ts';
import type { History, Moment } from './history.ts';
import { desired, type Rules } from './oracle/desired.ts';
import type { Then } from './rules/rule.ts';

export function* thenOf(history: History, { since, shown }: Decision, rules: Rules): Generator<Then> {
  for (const moment of history.since(since, false)) yield at(moment, rules);
  // Its views need not be equally old, so what it saw need not have been so at any time.
  for (const one of shown) yield at(history.asShown(one), rules);
}

function at({ snapshot, past }: Moment, rules: Rules): Then {
  let wanted: ReturnType<typeof desired> | undefined;
  const lists = {
    registrycredentials: snapshot.credentials,
    namespaces: snapshot.namespaces,
    serviceaccounts: snapshot.serviceAccounts,
    secrets: snapshot.secrets,
  };
  return {
    get desired() {
      wanted ??= desired(snapshot, past, rules);
      return wanted;
    },
    get: <R extends ResourceName>(resource: R, key: string) =>
      lists[resource as keyof typeof lists].find(
        ({ metadata }) =>
          (metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`) ===
          key,
      ) as Kinds[R] | undefined,
    accountsIn: namespace =>
      snapshot.serviceAccounts.filter(({ metadata }) => metadata.namespace === namespace),
  };
}
