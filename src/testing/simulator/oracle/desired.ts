// The oracle: what there ought to be in a cluster, by the rules of the design and by nothing
// of the operator's own code, so that the two can be held against each other.

import { DOCKER_HUB_SERVER } from '../../../api/names.ts';
import { accountDifferences } from './account-differences.ts';
import { clusterOf, type Party } from './cluster.ts';
import { finalizerDifferences } from './finalizer-differences.ts';
import { keptDifferences } from './kept-differences.ts';
import { kubeletKey } from './kubelet-key.ts';
import type { Offers } from './offers.ts';
import { type Place, placesOf } from './place.ts';
import { referenceWanted, type Wanted } from './references.ts';
import { secretDifferences } from './secret-differences.ts';
import type { Desired, Past, Rules, Snapshot } from './snapshot.ts';
import { statusDifferences } from './status-differences.ts';

export type { Desired, DesiredSecret, Past, Rules, Snapshot } from './snapshot.ts';

export function desired(snapshot: Snapshot, past: Past, rules: Rules): Desired {
  const cluster = clusterOf(snapshot, past, rules);
  const places = placesOf(cluster);
  const referred = (
    namespace: string,
    serviceAccount: string,
    isMeant: (wanted: Wanted) => boolean,
  ): string[] => {
    const account = cluster
      .serviceAccounts(namespace)
      .find(({ metadata }) => metadata.name === serviceAccount);
    if (account === undefined) return [];
    return places
      .filter(place => place.namespace === namespace)
      .filter(place => isMeant(referenceWanted(cluster, place, account)))
      .map(({ name }) => name)
      .sort();
  };
  const placeAt = (namespace: string, name: string): Place | undefined =>
    places.find(other => other.namespace === namespace && other.name === name);
  return {
    secret: (namespace, name) => {
      const place = placeAt(namespace, name);
      return place === undefined || place.logins.size === 0
        ? undefined
        : { refused: place.refused, logins: place.logins };
    },
    references: (namespace, account) => referred(namespace, account, wanted => wanted === 'yes'),
    mayReferTo: (namespace, account) => referred(namespace, account, wanted => wanted !== 'no'),
    items: (namespace, name) => (placeAt(namespace, name)?.contributors ?? []).flatMap(itemsOf),
    itemsWithLogin: () =>
      cluster.parties.flatMap(party => itemsOf(party).filter((_, index) => hasAny(party.offers[index]))),
  };
}

const hasAny = (offers: Offers | undefined): boolean =>
  offers !== undefined && offers.certain.length + offers.possible.length > 0;

/** One that says the same gives the login of the same server, though its source may be another. */
const itemsOf = ({ credential: { metadata, spec } }: Party): string[] =>
  spec.registries.map(({ server = DOCKER_HUB_SERVER, basic }) =>
    [metadata.uid, basic === undefined ? 'dockerConfig' : `basic ${kubeletKey(server)}`].join(' '),
  );

/** Where a cluster at rest is not as it ought to be, one sentence each; none when all is well. */
export function differences(snapshot: Snapshot, past: Past, rules: Rules): string[] {
  const cluster = clusterOf(snapshot, past, rules);
  const places = placesOf(cluster);
  return [
    ...secretDifferences(cluster, places),
    ...accountDifferences(cluster, places),
    ...finalizerDifferences(cluster, places),
    ...statusDifferences(cluster, places),
  ];
}

/** The same of the logins that outlive the operator. */
export function differencesInKept(snapshot: Snapshot, past: Past, rules: Rules): string[] {
  const cluster = clusterOf(snapshot, past, rules);
  return keptDifferences(cluster, placesOf(cluster));
}
