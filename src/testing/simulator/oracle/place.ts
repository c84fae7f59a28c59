// One Secret name in one namespace: who wants what there, and what stands there.

import { DOCKER_CONFIG_TYPE } from '../../../api/names.ts';
import { type Cluster, isOurs, listedIn, type Party } from './cluster.ts';
import { contentOf, type Fault, faultsOf } from './docker-config-content.ts';
import { type Claims, claimsOf, loginsOf } from './merging.ts';
import { selectsNamespace } from './selection.ts';
import type { DesiredLogin, Login, Namespace, Refusal, Secret } from './snapshot.ts';

export interface Place {
  readonly namespace: string;
  readonly name: string;
  readonly secret: Secret | undefined;
  /** The active ones that select the namespace; none of those that are suspended, stalled or deleted. */
  readonly contributors: readonly Party[];
  /** Suspended, and with a part in the Secret. */
  readonly held: readonly Party[];
  readonly claims: Claims;
  readonly logins: ReadonlyMap<string, DesiredLogin>;
  /** "perhaps": who wants it has perhaps no login yet, or is suspended. */
  readonly wanted: 'yes' | 'perhaps' | 'no';
  readonly refused: Refusal | undefined;
  /** What it holds, by the kubelet's key. */
  readonly holds: ReadonlyMap<string, Login>;
  /** Where its content is not what it ought to be. */
  readonly faults: readonly Fault[];
  /**
   * It may hold what was right earlier: rule 5 leaves a Secret as it is where writing it would drop a login that is
   * not known just now, and who is suspended keeps his part. ADR 0002: the Secret says whose logins it holds.
   */
  readonly open: boolean;
}

export const placesOf = (cluster: Cluster): Place[] =>
  cluster.namespaces.flatMap(namespace =>
    cluster.rules.secretNames.map(name => placeOf(cluster, namespace, name)),
  );

function placeOf(cluster: Cluster, namespace: Namespace, name: string): Place {
  const secret = cluster.secret(namespace.metadata.name, name);
  const listed = secret !== undefined && isOurs(secret) ? listedIn(secret) : [];
  const contributors = cluster.parties.filter(
    ({ phase, credential }) =>
      phase === 'active' && credential.spec.secretName === name && selectsNamespace(credential, namespace),
  );
  const held = cluster.parties.filter(party => party.phase === 'suspended' && listed.includes(party.name));
  const claims = claimsOf(
    cluster.parties.filter(party => contributors.includes(party) || held.includes(party)),
  );
  const logins = loginsOf(claims);
  const content = secret && contentOf(secret);
  const faults = content === undefined ? [] : faultsOf(content, logins);
  const parties = contributors.length + held.length;
  const sure = [...logins.values()].some(({ optional }) => !optional);
  return {
    namespace: namespace.metadata.name,
    name,
    secret,
    contributors,
    held,
    claims,
    logins,
    wanted: sure ? 'yes' : parties > 0 ? 'perhaps' : 'no',
    refused: secret && refusalOf(secret, faults),
    holds: content?.logins ?? new Map(),
    faults,
    open: held.length > 0 || contributors.some(party => party.unknown && listed.includes(party.name)),
  };
}

function refusalOf(secret: Secret, faults: readonly Fault[]): Refusal | undefined {
  if (!isOurs(secret)) return 'foreign';
  if (secret.type !== DOCKER_CONFIG_TYPE) return 'wrongType';
  return secret.immutable === true && faults.length > 0 ? 'immutable' : undefined;
}

export const isBeingDeleted = ({ secret }: Place): boolean =>
  secret?.metadata.deletionTimestamp !== undefined;
