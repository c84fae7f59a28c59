// Whether a ServiceAccount is to refer to a Secret because of us.

import { type Cluster, listedIn, type Party } from './cluster.ts';
import type { Claim } from './merging.ts';
import { sameLogin } from './offers.ts';
import { isBeingDeleted, type Place } from './place.ts';
import { selectsServiceAccount } from './selection.ts';
import type { ServiceAccount } from './snapshot.ts';

/** "either": the design leaves it open, or it depends on what was before. */
export type Wanted = 'yes' | 'no' | 'either';

export function referenceWanted(cluster: Cluster, place: Place, account: ServiceAccount): Wanted {
  if (account.metadata.deletionTimestamp !== undefined) return 'either';
  const by = place.contributors.filter(({ credential }) => selectsServiceAccount(credential, account));
  if (place.wanted === 'no' || (by.length === 0 && place.held.length === 0)) return unwanted(cluster);
  // Rule 3: none points at a foreign Secret. Of a wrong-typed one the design says nothing; with an
  // immutable, outdated one who has the reference keeps it, and nobody new gets it.
  if (place.refused === 'foreign') return unwanted(cluster);
  if (place.refused !== undefined || isBeingDeleted(place)) return 'either';
  if (isPerhapsOutdated(place)) return 'either';
  if (place.open) return by.some(party => isServedIn(place, party)) ? 'yes' : 'either';
  // Rule 10: without material no ServiceAccount is touched, neither on the way in nor on the way out.
  return by.some(hasLogin) ? 'yes' : 'either';
}

/**
 * While suspended nothing is changed. Where no Secret says whose the reference was, it may be of any that is
 * suspended, for its secretName may have been changed since.
 */
const unwanted = ({ parties }: Cluster): Wanted =>
  parties.some(({ phase }) => phase === 'suspended') ? 'either' : 'no';

/** A frozen one, of which it depends on what the operator knew before, or on its bytes, whether it is outdated. */
const isPerhapsOutdated = ({ secret, open, logins }: Place): boolean =>
  secret?.immutable === true &&
  (open || listedIn(secret).length === 0 || [...logins.values()].some(({ optional }) => optional));

export const hasLogin = ({ offers }: Party): boolean => offers.some(({ certain }) => certain.length > 0);

/** Where the Secret may be from earlier: whether all is there that the party, and nobody else, is to give. */
export const isServedIn = (place: Place, party: Party): boolean =>
  ownClaims(place, party).length > 0 && !lacksOwn(place, party);

/** How a server is spelled makes no difference to the kubelet, nor to whether it is served. */
export const lacksOwn = (place: Place, party: Party): boolean =>
  ownClaims(place, party).some(([key, { logins }]) => {
    const found = place.holds.get(key);
    return !logins.some(login => found !== undefined && sameLogin({ ...found, server: login.server }, login));
  });

const ownClaims = ({ claims }: Place, party: Party): [key: string, claim: Claim][] =>
  [...claims].flatMap(([key, [first]]) => (first?.party === party && first.certain ? [[key, first]] : []));
