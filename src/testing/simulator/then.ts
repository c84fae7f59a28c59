// The states that a replica may have had before its eyes, with what was wanted in each. Worked
// out one by one, and only as far as a rule asks.

import { FINALIZER } from '../../api/names.ts';
import type { RegistrySpec } from '../../api/types.ts';
import { toldStatus } from '../../api/untold-status.ts';
import { OPERATOR_NAMESPACE } from '../builders.ts';
import { type Kinds, keyOf, type ResourceName } from '../resources.ts';
import type { Decision } from './decisions.ts';
import type { History, Moment } from './history.ts';
import { isOurs, listedIn } from './oracle/cluster.ts';
import { desired, type Rules } from './oracle/desired.ts';
import type { Login, Secret, Snapshot } from './oracle/snapshot.ts';
import { read, sourceName } from './oracle/source-reading.ts';
import type { Then } from './rules/rule.ts';

type Credential = Kinds['registrycredentials'];

/** Whether the replica may be waiting for what the registry of a login says. */
export type IsTrying = (login: Login) => boolean;

/** Everything before, the latest first. */
export function* earlier(history: History, rules: Rules): Generator<Then> {
  for (const moment of history.since(0, false)) yield at(moment, rules, isFinalized, () => false);
}

export function* thenOf(
  history: History,
  { since, shown }: Decision,
  rules: Rules,
  isTrying: IsTrying,
): Generator<Then> {
  for (const moment of history.since(since, false)) yield at(moment, rules, isFinalized, isTrying);
  // Its views need not be equally old, so what it saw need not have been so at any time.
  // The answers to its own writes it sees ahead of them, such as that to a finalizer.
  const isByNow = ({ metadata }: Credential): boolean => {
    const now = history.get('registrycredentials', metadata.name);
    return now !== undefined && now.metadata.uid === metadata.uid && isFinalized(now);
  };
  for (const one of shown)
    for (const counts of [isFinalized, isByNow]) yield at(history.asShown(one), rules, counts, isTrying);
}

/** While its login is tried, one that is in no Secret yet counts as one that nobody has seen. */
function isSettled(
  { metadata, spec, status: stored }: Credential,
  { secrets }: Snapshot,
  { isHeldBack }: Rules,
  isTrying: IsTrying,
): boolean {
  const status = toldStatus(stored);
  if (status === undefined) return false;
  // What is kept for a restart names it too, and is in no namespace.
  const isIn = (one: Secret): boolean => isOurs(one) && listedIn(one).includes(metadata.name);
  if (isHeldBack === undefined || secrets.some(isIn)) return true;
  // Of a new spec it says so; the first login of an old one is tried without a word.
  if (status.conditions.some(({ type, reason }) => type === 'Ready' && reason === 'Progressing'))
    return false;
  const sourceOf = (registry: RegistrySpec): Secret | undefined =>
    secrets.find(
      one => one.metadata.namespace === OPERATOR_NAMESPACE && one.metadata.name === sourceName(registry),
    );
  return !spec.registries.some(registry => read(registry, sourceOf(registry)).logins.some(isTrying));
}

function at(
  { snapshot, past }: Moment,
  rules: Rules,
  counts: (credential: Credential) => boolean,
  isTrying: IsTrying,
): Then {
  const lists = {
    registrycredentials: snapshot.credentials,
    namespaces: snapshot.namespaces,
    serviceaccounts: snapshot.serviceAccounts,
    secrets: snapshot.secrets,
  };
  return {
    wanted: once(() => desired(snapshot, past, rules)),
    settled: once(() =>
      desired(
        {
          ...snapshot,
          credentials: snapshot.credentials.filter(one => isSettled(one, snapshot, rules, isTrying)),
        },
        past,
        rules,
      ),
    ),
    obliged: once(() =>
      desired({ ...snapshot, credentials: snapshot.credentials.filter(counts) }, past, rules),
    ),
    isOneSuspended: snapshot.credentials.some(({ spec }) => spec.suspend === true),
    specs: snapshot.credentials.map(({ metadata }) => `${metadata.uid}/${metadata.generation}`).join(),
    get: <R extends ResourceName>(resource: R, key: string) =>
      lists[resource as keyof typeof lists].find(
        ({ metadata: { namespace, name } }) => keyOf(namespace, name) === key,
      ) as Kinds[R] | undefined,
    secrets: snapshot.secrets,
    accountsIn: namespace =>
      snapshot.serviceAccounts.filter(({ metadata }) => metadata.namespace === namespace),
  };
}

const isFinalized = ({ metadata, spec }: Credential): boolean =>
  spec.suspend === true || metadata.finalizers?.includes(FINALIZER) === true;

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
