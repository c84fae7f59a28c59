// Whether each line of status.registries says what is wrong with its login: that its source
// fails, or that another one is served in its place.

import type { RegistryCredentialStatus } from '../../../api/types.ts';
import type { Cluster, Party } from './cluster.ts';
import { winners } from './merging.ts';
import { isBeingDeleted, type Place } from './place.ts';

export function registryDifferences(
  status: RegistryCredentialStatus,
  party: Party,
  { parties }: Cluster,
  places: readonly Place[],
): string[] {
  // Whether one that is suspended still goes before it, and with which of its earlier servers, is left open.
  const suspended = parties.some(({ phase }) => phase === 'suspended');
  const { registries } = party.credential.spec;
  if (status.registries.length !== registries.length)
    return [`has ${status.registries.length} lines for ${registries.length} registries`];
  return status.registries.flatMap(({ message }, index) =>
    messageDifferences(message, party, index, suspended, places).map(what => `registries[${index}] ${what}`),
  );
}

function messageDifferences(
  message: string | undefined,
  party: Party,
  index: number,
  suspended: boolean,
  places: readonly Place[],
): string[] {
  const source = party.offers[index]?.source;
  const { certain, perhaps } = lossesOf(party, index, places);
  const found: string[] = [];
  // In another namespace another one may go before it: the design asks for the winner, not for all.
  if (certain.length > 0 && !certain.some(winner => message?.includes(winner)))
    found.push(`does not name ${certain.join(' or ')}, which goes before it`);
  if (message === undefined && (source === 'failing' || source === 'partly'))
    found.push('does not say what is wrong with its source');
  if (message !== undefined && source === 'sound' && !perhaps && !suspended)
    found.push('has a message though its login is served');
  return found;
}

/** The RegistryCredentials that certainly go before this registry somewhere, and whether any other perhaps does. */
function lossesOf(party: Party, index: number, places: readonly Place[]) {
  const certain = new Set<string>();
  let perhaps = false;
  for (const place of places.filter(({ contributors }) => contributors.includes(party))) {
    for (const all of place.claims.values()) {
      const mine = all.findIndex(claim => claim.party === party && claim.registry === index);
      const ahead = all.slice(0, Math.max(mine, 0));
      if (ahead.length === 0) continue;
      perhaps = true;
      const [first] = winners(all);
      // Where nothing of ours can stand nothing is merged, and where it is from earlier perhaps not yet.
      const settled = place.refused === undefined && !place.open && !isBeingDeleted(place);
      // One that never had a login loses none.
      if (settled && first?.certain && all[mine]?.certain && first.party !== party)
        certain.add(first.party.name);
    }
  }
  return { certain: [...certain], perhaps };
}
