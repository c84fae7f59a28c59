// A RegistryCredential has a login for the image, and the pod does not get it: why not, in the order of
// what a person should mend first.

import { SYNC_LABEL, SYSTEM_NAMESPACES } from '../api/names.ts';
import type { CredentialRecord } from './credential-record.ts';
import { type KnownServer, serverFor } from './credential-servers.ts';
import { foreignSecret, immutableSecret, wrongSecretType } from './failures.ts';
import { isKeptOut, labelsToAdd } from './opt-in.ts';
import { type Cause, type CauseName, cause } from './pull-cause.ts';
import type { PullFacts } from './pull-facts.ts';
import { selectsNamespace, selectsServiceAccount } from './selection.ts';

interface Candidate {
  readonly facts: PullFacts;
  readonly record: CredentialRecord;
  readonly server: KnownServer;
}

const CHECKS: readonly ((candidate: Candidate) => Cause | undefined)[] = [
  isOfTheOperator,
  isNotSelected,
  isUnreadable,
  isSuspended,
  standsInTheWay,
  isReported,
  lacksLogin,
  hasAnotherAccount,
  isNotServedYet,
];

/** Of those that select the namespace first. */
export function fromOperator(facts: PullFacts): Cause | undefined {
  const candidates = candidatesOf(facts);
  const selecting = candidates.filter(one => !isNotSelected(one));
  for (const candidate of [...selecting, ...candidates])
    for (const check of CHECKS) {
      const found = check(candidate);
      if (found !== undefined) return found;
    }
  return undefined;
}

function candidatesOf(facts: PullFacts): Candidate[] {
  if (facts.credentials.state !== 'read') return [];
  return facts.credentials.value.flatMap(record => {
    const server = record.deleted ? undefined : serverFor(record, facts.image.repository);
    return server === undefined ? [] : { facts, record, server };
  });
}

const title = ({ record, server }: Candidate): string =>
  `RegistryCredential ${record.name} has a login for ${server.server}`;

function isOfTheOperator(candidate: Candidate): Cause | undefined {
  const { namespace, operatorNamespace } = candidate.facts;
  if (namespace !== operatorNamespace) return undefined;
  return cause('NamespaceKeptOut', `${title(candidate)}, but the operator never serves its own namespace`);
}

function isNotSelected(candidate: Candidate): Cause | undefined {
  const { facts, record } = candidate;
  const { place, namespace } = facts;
  if (place.state !== 'read') return undefined;
  const { labels } = place.value;
  const seen = { name: namespace, uid: '', resourceVersion: '', ...place.value };
  if (selectsNamespace(record.spec.namespaceSelector, seen, facts.operatorNamespace)) return undefined;
  if (place.value.terminating) return cause('NamespaceKeptOut', `namespace ${namespace} is being deleted`);
  const wanted = labelsToAdd(record.spec.namespaceSelector, labels);
  // Whatever a selector says, this one is asked for too.
  const own = SYSTEM_NAMESPACES.has(namespace) ? `${SYNC_LABEL}=true` : `${SYNC_LABEL}-`;
  const isOut = isKeptOut(labels) || (SYSTEM_NAMESPACES.has(namespace) && labels[SYNC_LABEL] !== 'true');
  const words = [
    ...(isOut && wanted?.includes(SYNC_LABEL) !== true ? [own] : []),
    ...(wanted ? [wanted] : []),
  ];
  const command = words.length > 0 ? `kubectl label namespace ${namespace} ${words.join(' ')}` : undefined;
  return isKeptOut(labels)
    ? cause(
        'NamespaceKeptOut',
        `${title(candidate)}, but the label ${SYNC_LABEL}=false keeps namespace ${namespace} out`,
        command,
      )
    : cause(
        'NamespaceNotOptedIn',
        `${title(candidate)}, but namespace ${namespace} has not opted in`,
        command,
      );
}

/** A spec of another version; it is kept as if suspended, and no command of ours would mend it. */
function isUnreadable({ record }: Candidate): Cause | undefined {
  const { name, unreadable } = record;
  if (unreadable === undefined) return undefined;
  return cause(
    'NoLoginYet',
    `RegistryCredential ${name} has a spec that cannot be read, at ${unreadable}: nothing new is served`,
  );
}

function isSuspended(candidate: Candidate): Cause | undefined {
  const { spec, name } = candidate.record;
  if (spec.suspend !== true) return undefined;
  const command = `kubectl patch registrycredential ${name} --type=merge -p '{"spec":{"suspend":false}}'`;
  return cause('Suspended', `${title(candidate)}, but it is suspended: nothing new is served`, command);
}

function standsInTheWay({ facts, record }: Candidate): Cause | undefined {
  const { secretName } = record.spec;
  const seen = facts.secrets.get(secretName);
  if (seen?.state !== 'read') return undefined;
  const place = { namespace: facts.namespace, name: secretName };
  const { managed, content, type, immutable, credentials } = seen.value;
  if (!managed) return told('Conflict', foreignSecret(place).message);
  if (content.state === 'ignored') return told('Conflict', wrongSecretType(place, type).message);
  const isOutdated = immutable && !credentials.includes(record.name);
  return isOutdated ? told('Conflict', immutableSecret(place).message) : undefined;
}

/** Status names the first ten namespaces. */
function isReported({ facts, record }: Candidate): Cause | undefined {
  const failure = record.status?.failures.find(({ namespace }) => namespace === facts.namespace);
  if (failure === undefined) return undefined;
  return told(failure.reason === 'SourceFailed' ? 'NoLoginYet' : 'Conflict', failure.message);
}

function lacksLogin(candidate: Candidate): Cause | undefined {
  const { record, server } = candidate;
  const ready = record.status?.conditions.find(({ type }) => type === 'Ready');
  if (ready?.reason !== 'SourceFailed' && ready?.reason !== 'SecretNameNotServed') return undefined;
  const message = record.status?.registries[server.registry]?.message ?? ready.message;
  return told(
    'NoLoginYet',
    `RegistryCredential ${record.name} is to have a login for ${server.server}: ${message}`,
  );
}

function hasAnotherAccount(candidate: Candidate): Cause | undefined {
  const { facts, record } = candidate;
  const { account, accountName, namespace } = facts;
  if (account.state !== 'read') return undefined;
  const { labels } = account.value;
  const { serviceAccounts } = record.spec;
  if (selectsServiceAccount(serviceAccounts, { name: accountName, labels })) return undefined;
  const label = (words: string): string =>
    `kubectl -n ${namespace} label serviceaccount ${accountName} ${words}`;
  const title_ = `${title(candidate)}, but`;
  if (isKeptOut(labels)) {
    const message = `${title_} the label ${SYNC_LABEL}=false keeps ServiceAccount ${namespace}/${accountName} out`;
    return cause('ServiceAccountKeptOut', message, label(`${SYNC_LABEL}-`));
  }
  const message = `${title_} its serviceAccounts do not take ServiceAccount ${namespace}/${accountName}`;
  const wanted = serviceAccounts?.selector && labelsToAdd(serviceAccounts.selector, labels);
  const addition = JSON.stringify([{ op: 'add', path: '/spec/serviceAccounts/names/-', value: accountName }]);
  return cause(
    'ServiceAccountNotSelected',
    message,
    wanted === undefined
      ? `kubectl patch registrycredential ${record.name} --type=json -p '${addition}'`
      : label(wanted),
  );
}

function isNotServedYet(candidate: Candidate): Cause | undefined {
  const { facts, record } = candidate;
  const { secretName } = record.spec;
  const { place, namespace, secrets, account, accountName } = facts;
  if (place.state !== 'read' || account.state !== 'read') return undefined;
  const isThere = secrets.get(secretName)?.state !== 'absent';
  const isReferred = account.value.pullSecrets.includes(secretName);
  if (isThere && isReferred) return undefined;
  const lacking = isThere
    ? `ServiceAccount ${namespace}/${accountName} does not name Secret ${secretName}`
    : `there is no Secret ${namespace}/${secretName}`;
  return cause(
    'NotServedYet',
    `${title(candidate)} and selects this namespace, but ${lacking}; the operator may be about to, or not be running`,
    `kubectl describe registrycredential ${record.name}`,
  );
}

/** Messages of status end in their command. */
function told(name: CauseName, message: string): Cause {
  const at = message.lastIndexOf(': kubectl ');
  return at < 0 ? cause(name, message) : cause(name, message.slice(0, at), message.slice(at + 2));
}
