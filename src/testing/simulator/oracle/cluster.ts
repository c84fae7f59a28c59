// A snapshot, looked up by name, and what each RegistryCredential in it has to say.

import { CREDENTIALS_ANNOTATION, MANAGED_BY, MANAGED_BY_LABEL } from '../../../api/names.ts';
import { heldOffersOf, type Offers, offersOf } from './offers.ts';
import { isTerminating } from './selection.ts';
import type {
  Credential,
  Login,
  Namespace,
  Past,
  Rules,
  Secret,
  ServiceAccount,
  Snapshot,
} from './snapshot.ts';
import { sourceName } from './source-reading.ts';

export interface Party {
  readonly name: string;
  readonly credential: Credential;
  /**
   * "suspended": what it has stays, and it gets no more, whatever else its spec says by now. "stalled": it has a
   * secretName that the operator was not started with, and gives nothing. "deleted": it is being deleted, which
   * beats the other two.
   */
  readonly phase: 'active' | 'suspended' | 'stalled' | 'deleted';
  /** For each of spec.registries. */
  readonly offers: readonly Offers[];
  /** Rule 5: a source fails, and the operator perhaps knows of no login from earlier. */
  readonly unknown: boolean;
  /** All that its sources ever gave, by its spec of now. */
  ever(): readonly Login[];
}

export interface Cluster {
  readonly rules: Rules;
  readonly snapshot: Snapshot;
  /** The first by name goes first. */
  readonly parties: readonly Party[];
  /**
   * Where something is to be put right. A terminating namespace is out, whatever is left in it. The operator's own is
   * never a target; whether marks of ours that somebody copies there are undone (rule 1) is left open.
   */
  readonly namespaces: readonly Namespace[];
  secret(namespace: string, name: string): Secret | undefined;
  serviceAccounts(namespace: string): readonly ServiceAccount[];
}

const byName = <T extends { metadata: { name: string } }>(objects: readonly T[]): T[] =>
  [...objects].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));

export function clusterOf(snapshot: Snapshot, past: Past, rules: Rules): Cluster {
  const secrets = new Map(
    snapshot.secrets.map(secret => [`${secret.metadata.namespace}/${secret.metadata.name}`, secret]),
  );
  const secret = (namespace: string, name: string) => secrets.get(`${namespace}/${name}`);
  const accounts = Map.groupBy(snapshot.serviceAccounts, ({ metadata }) => metadata.namespace);
  return {
    rules,
    snapshot,
    parties: byName(snapshot.credentials).map(credential =>
      partyOf(credential, name => secret(rules.operatorNamespace, name), past, rules),
    ),
    namespaces: byName(snapshot.namespaces).filter(
      namespace => !isTerminating(namespace) && namespace.metadata.name !== rules.operatorNamespace,
    ),
    secret,
    serviceAccounts: namespace => byName(accounts.get(namespace) ?? []),
  };
}

function partyOf(
  credential: Credential,
  source: (name: string) => Secret | undefined,
  past: Past,
  rules: Rules,
): Party {
  const { metadata, spec } = credential;
  const phase = phaseOf(credential, rules);
  const ask = phase === 'suspended' ? heldOffersOf : offersOf;
  const offers = spec.registries.map(registry =>
    ask(registry, source(sourceName(registry)), past, rules.isHeldBack),
  );
  return {
    name: metadata.name,
    credential,
    phase,
    offers,
    unknown: offers.some(other => other.source !== 'sound'),
    ever: () =>
      spec.registries.flatMap(
        registry => heldOffersOf(registry, source(sourceName(registry)), past).possible,
      ),
  };
}

function phaseOf({ metadata, spec }: Credential, rules: Rules): Party['phase'] {
  if (metadata.deletionTimestamp !== undefined) return 'deleted';
  if (spec.suspend === true) return 'suspended';
  return rules.secretNames.includes(spec.secretName) ? 'active' : 'stalled';
}

/** By our label: whoever put it there, it is ours from then on. */
export const isOurs = ({ metadata }: Secret): boolean => metadata.labels?.[MANAGED_BY_LABEL] === MANAGED_BY;

/** The RegistryCredentials whose logins are in it, as the Secret itself says. */
export const listedIn = ({ metadata }: Secret): string[] =>
  metadata.annotations?.[CREDENTIALS_ANNOTATION]?.split(',').filter(name => name !== '') ?? [];
