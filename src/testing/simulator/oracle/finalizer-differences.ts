// Where our finalizer is not, though undo would be needed, or is, though it must not or no longer.

import { FINALIZER } from '../../../api/names.ts';
import { type Cluster, isOurs, listedIn } from './cluster.ts';
import { isBeingDeleted, type Place } from './place.ts';

export function finalizerDifferences(cluster: Cluster, places: readonly Place[]): string[] {
  const { namespaces, serviceAccounts, secrets } = cluster.snapshot;
  const listing = new Map<string, Place[]>();
  for (const place of places)
    if (place.secret !== undefined && isOurs(place.secret))
      for (const name of listedIn(place.secret)) listing.set(name, [...(listing.get(name) ?? []), place]);

  const found: string[] = [];
  for (const { name, phase, credential } of cluster.parties) {
    const has = credential.metadata.finalizers?.includes(FINALIZER) ?? false;
    const given = listing.get(name) ?? [];
    if (phase === 'active' && !has && given.length > 0)
      found.push(`RegistryCredential ${name} has given something and lacks our finalizer`);
    // A Secret that waits for a finalizer, or that may not be written (rule 5), holds the undo up.
    if (phase === 'deleted' && has && !given.some(place => place.open || isBeingDeleted(place)))
      found.push(`RegistryCredential ${name} is being deleted and still has our finalizer`);
  }
  for (const { kind, metadata } of [...namespaces, ...serviceAccounts, ...secrets])
    if (metadata.finalizers?.includes(FINALIZER)) found.push(`${kind} ${metadata.name} has our finalizer`);
  return found;
}
