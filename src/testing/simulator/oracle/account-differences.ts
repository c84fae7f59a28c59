// Where a ServiceAccount is not as it ought to be: its entries, our annotation, and who owns the list.

import { FIELD_MANAGER, PULL_SECRETS_ANNOTATION } from '../../../api/names.ts';
import type { Cluster } from './cluster.ts';
import type { Place } from './place.ts';
import { referenceWanted } from './references.ts';
import type { ServiceAccount } from './snapshot.ts';

export function accountDifferences(cluster: Cluster, places: readonly Place[]): string[] {
  const found: string[] = [];
  const byNamespace = Map.groupBy(places, ({ namespace }) => namespace);
  for (const { metadata } of cluster.namespaces) {
    for (const account of cluster.serviceAccounts(metadata.name)) {
      const here = byNamespace.get(metadata.name) ?? [];
      const what = [...marks(account), ...here.flatMap(place => entry(cluster, place, account))];
      found.push(...what.map(text => `ServiceAccount ${metadata.name}/${account.metadata.name} ${text}`));
    }
  }
  return found;
}

export const namesOf = ({ imagePullSecrets = [] }: ServiceAccount): string[] =>
  imagePullSecrets.map(({ name }) => name);

const ownNames = ({ metadata }: ServiceAccount): string[] | undefined =>
  metadata.annotations?.[PULL_SECRETS_ANNOTATION]?.split(',');

/**
 * Rule 2: the annotation notes what we added. An entry without it was there before us, or is the user's since he
 * took the annotation off: it is never annotated, and serves as well as one of ours.
 */
function entry(cluster: Cluster, place: Place, account: ServiceAccount): string[] {
  const { name } = place;
  const has = namesOf(account).includes(name);
  const noted = ownNames(account)?.includes(name) ?? false;
  switch (referenceWanted(cluster, place, account)) {
    case 'either':
      return [];
    case 'yes':
      return has ? [] : [`lacks the entry ${name}`];
    case 'no':
      if (!noted) return [];
      if (!has) return [`notes an entry ${name} that it does not have`];
      return place.secret === undefined
        ? [`has our entry ${name}, which dangles`]
        : [`has our entry ${name}, which nobody wants`];
  }
}

function marks(account: ServiceAccount): string[] {
  if (account.metadata.deletionTimestamp !== undefined) return [];
  const own = ownNames(account);
  const found: string[] = [];
  if (own !== undefined && (own.includes('') || [...new Set(own)].sort().join() !== own.join()))
    found.push('has an annotation of ours that is not sorted, or names nothing');
  // ADR 0009: the list is handed back to those who owned it, also while suspended.
  const claims = account.metadata.managedFields?.filter(({ manager }) => manager === FIELD_MANAGER) ?? [];
  if (claims.some(({ fieldsV1 }) => fieldsV1 !== undefined && Object.hasOwn(fieldsV1, 'f:imagePullSecrets')))
    found.push('has a list of entries that is claimed by us');
  return found;
}
