// Where the logins that outlive the operator are not as they ought to be, and where one is not served though it was
// kept. It reads them on its own.

import { KEPT_TYPE } from '../../../api/names.ts';
import type { RegistrySpec } from '../../../api/types.ts';
import type { Cluster, Party } from './cluster.ts';
import { kubeletKey } from './kubelet-key.ts';
import type { Offers } from './offers.ts';
import type { Place } from './place.ts';
import type { Login, Secret } from './snapshot.ts';

interface Kept {
  readonly credential: { readonly name: string; readonly uid: string };
  readonly registries: readonly ({
    readonly spec: RegistrySpec;
    readonly auths: Readonly<Record<string, Login>>;
  } | null)[];
}

export function keptDifferences(cluster: Cluster, places: readonly Place[]): string[] {
  const { snapshot, rules, parties } = cluster;
  const secrets = snapshot.secrets.filter(
    ({ type, metadata }) => type === KEPT_TYPE && metadata.namespace === rules.operatorNamespace,
  );
  const kept = new Map(secrets.map(secret => [secret, keptIn(secret)]));
  const of = ({ name, credential }: Party): Kept | undefined =>
    [...kept.values()].find(
      one => one.credential.name === name && one.credential.uid === credential.metadata.uid,
    );
  const orphans = [...kept].filter(([, one]) => !parties.some(party => of(party) === one));
  return [
    ...orphans.map(([{ metadata }]) => `Secret ${metadata.name} keeps logins of one that is gone`),
    ...parties.filter(({ phase }) => phase === 'active').flatMap(party => wrongIn(party, of(party))),
    ...places.flatMap(place => unserved(place, of)),
  ];
}

const keptIn = ({ data }: Secret): Kept =>
  JSON.parse(Buffer.from(Object.values(data ?? {})[0] ?? '', 'base64').toString());

function wrongIn({ name, offers, credential }: Party, kept: Kept | undefined): string[] {
  // Where only the source of a registry is another one, and that fails, it is still the login of the one before.
  const isAsEver = (credential.metadata.generation ?? 1) === 1;
  return offers.flatMap((offer, index) => {
    const has = Object.entries(kept?.registries[index]?.auths ?? {}).map(([server, { username, password }]) =>
      said({ server, username, password }),
    );
    return isRight(has, offer, isAsEver)
      ? []
      : [`what is kept of registries[${index}] of ${name} is not what it gave`];
  });
}

const said = ({ server, username, password }: Login): string =>
  `${kubeletKey(server)} ${username} ${password}`;

/** Nothing that its source never had, and all that it has. */
function isRight(has: readonly string[], { certain, possible }: Offers, isAsEver: boolean): boolean {
  const may = new Set([...certain, ...possible].map(said));
  return certain.map(said).every(one => has.includes(one)) && (!isAsEver || has.every(one => may.has(one)));
}

/** DESIGN: a new namespace gets the last known good login of a failing source, also after a restart. */
function unserved(place: Place, of: (party: Party) => Kept | undefined): string[] {
  if (place.secret !== undefined) return [];
  return place.contributors
    .filter(party => {
      const { registries } = party.credential.spec;
      return of(party)?.registries.some(
        (kept, index) =>
          kept !== null &&
          Object.keys(kept.auths).length > 0 &&
          JSON.stringify(kept.spec) === JSON.stringify(registries[index]),
      );
    })
    .map(
      ({ name }) => `Secret ${place.namespace}/${place.name} is missing, though a login of ${name} is kept`,
    );
}
