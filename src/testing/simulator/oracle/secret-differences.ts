// Where a Secret of one of our names is not as it ought to be.

import { CREDENTIALS_ANNOTATION, DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE } from '../../../api/names.ts';
import { type Cluster, isOurs, listedIn } from './cluster.ts';
import { winners } from './merging.ts';
import { sameLogin } from './offers.ts';
import { isBeingDeleted, type Place } from './place.ts';
import type { Secret } from './snapshot.ts';

export function secretDifferences(cluster: Cluster, places: readonly Place[]): string[] {
  return [...places.flatMap(place => differencesAt(cluster, place)), ...differentBytes(places)];
}

function differencesAt(cluster: Cluster, place: Place): string[] {
  const { secret, wanted, refused } = place;
  const title = `Secret ${place.namespace}/${place.name}`;
  if (secret === undefined) return wanted === 'yes' ? [`${title} is missing`] : [];
  // One that waits for somebody's finalizer is as it is. Neither is one touched that is foreign, wrong-typed, frozen.
  if (isBeingDeleted(place) || refused === 'foreign' || refused === 'wrongType') return [];
  // A frozen one cannot say that it is of one who wanted it before he was suspended.
  const waits = secret.immutable === true && cluster.parties.some(({ phase }) => phase === 'suspended');
  if (wanted === 'no') return waits ? [] : [`${title} has our label, though nobody wants it`];
  if (refused === 'immutable') return [];
  const settled = wanted === 'yes' && !place.open;
  const found = settled ? settledDifferences(place, secret) : openDifferences(cluster, place, secret);
  return found.map(what => `${title} ${what}`);
}

function settledDifferences(place: Place, secret: Secret): string[] {
  const found = place.faults.map(({ what }) => what);
  // A frozen one with the right content may have the annotation of before: it was perhaps handed over.
  return secret.immutable === true ? found : [...found, ...annotationDifferences(place, secret)];
}

/**
 * ADR 0002: the annotation names whose logins are in it, sorted. Whether it names also who has logins and loses
 * every merge there, is left open: the operator does so.
 */
function annotationDifferences({ claims }: Place, secret: Secret): string[] {
  const may = new Set<string>();
  const must = new Set<string>();
  for (const all of claims.values()) {
    for (const { party } of all) may.add(party.name);
    const [first] = winners(all);
    if (first?.certain) must.add(first.party.name);
  }
  const listed = listedIn(secret);
  const sorted = [...new Set(listed)].sort().join() === secret.metadata.annotations?.[CREDENTIALS_ANNOTATION];
  const right = listed.every(name => may.has(name)) && [...must].every(name => listed.includes(name));
  return sorted && right ? [] : [`does not say in ${CREDENTIALS_ANNOTATION} whose logins are in it`];
}

/**
 * One that may be from earlier stays exactly as it is, also where somebody changed it since. But who is named there
 * must still be somebody: the finalizer of one that is deleted stays until its logins are gone (rule 1, ADR 0004).
 */
function openDifferences({ parties }: Cluster, place: Place, secret: Secret): string[] {
  const listed = listedIn(secret);
  // Handed over, and not written yet: nothing in it is of our making. A frozen one cannot be written at all.
  if (listed.length === 0 || secret.immutable === true) return [];
  if (!place.open && ![...place.contributors, ...place.held].some(({ name }) => listed.includes(name)))
    return ['has logins of RegistryCredentials that give nothing there'];
  const named = parties.filter(({ name }) => listed.includes(name));
  const gone = listed.filter(name => !named.some(party => party.name === name));
  // An earlier spec may have said another server or source.
  if (gone.length === 0 || named.some(({ credential }) => credential.metadata.generation !== 1)) return [];
  const ever = named.flatMap(party => party.ever());
  const strange = [...place.holds.values()].some(login => !ever.some(other => sameLogin(other, login)));
  return strange ? [`has a login of ${gone.join(' or ')}, which is gone`] : [];
}

/** Rule 4: one credential has the same bytes in every namespace. */
function differentBytes(places: readonly Place[]): string[] {
  const first = new Map<string, { bytes: string | undefined; namespace: string }>();
  const found: string[] = [];
  for (const place of places) {
    const { secret, contributors, namespace, name } = place;
    if (secret === undefined || !hasSettledBytes(place, secret)) continue;
    const names = contributors.map(party => party.name).join();
    const bytes = secret.data?.[DOCKER_CONFIG_KEY];
    const other = first.get(names);
    if (other === undefined) first.set(names, { bytes, namespace });
    else if (other.bytes !== bytes)
      found.push(`Secret ${namespace}/${name} has other bytes than that of ${other.namespace}`);
  }
  return found;
}

const hasSettledBytes = (place: Place, secret: Secret): boolean =>
  place.wanted === 'yes' &&
  !place.open &&
  isOurs(secret) &&
  secret.type === DOCKER_CONFIG_TYPE &&
  secret.immutable !== true &&
  !isBeingDeleted(place) &&
  [...place.logins.values()].every(({ anyOf, optional }) => anyOf.length === 1 && !optional);
