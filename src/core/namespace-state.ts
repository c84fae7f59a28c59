// How each namespace stands with one RegistryCredential, as far as somebody outside the operator can see
// it: by what stands there, and by what status says.

import { DOCKER_CONFIG_TYPE } from '../api/names.ts';
import { byNamespace } from './by-namespace.ts';
import type { CredentialRecord } from './credential-record.ts';
import { foreignSecret, wrongSecretType } from './failures.ts';
import type { NamespaceRecord, SecretRecord, ServiceAccountRecord } from './records.ts';
import { selectsNamespace, selectsServiceAccount } from './selection.ts';

export interface NamespaceState {
  readonly namespace: string;
  /** Synced, Pending, Leaving, Unknown, or a reason of status.failures. */
  readonly state: string;
  /** Undefined where ServiceAccounts could not be read. */
  readonly serviceAccounts: { readonly selected: number; readonly attached: number } | undefined;
  /** Why it is not synced, and what to do. */
  readonly message?: string;
}

export interface Surroundings {
  readonly namespaces: readonly NamespaceRecord[];
  /** Undefined: not to be read. */
  readonly secrets: readonly SecretRecord[] | undefined;
  readonly serviceAccounts: readonly ServiceAccountRecord[] | undefined;
  readonly operatorNamespace: string;
}

/** Of those that it selects, or still has something in; sorted by name. */
export function namespaceStates(record: CredentialRecord, around: Surroundings): NamespaceState[] {
  const secrets = new Map((around.secrets ?? []).map(secret => [secret.namespace, secret]));
  const accounts = byNamespace(around.serviceAccounts ?? []);
  return around.namespaces
    .flatMap(namespace => {
      const secret = secrets.get(namespace.name);
      const isSelected =
        !record.deleted &&
        selectsNamespace(record.spec.namespaceSelector, namespace, around.operatorNamespace);
      const counts = around.serviceAccounts && countsOf(record, accounts.get(namespace.name) ?? []);
      if (isSelected)
        return [{ ...stateOf(record, namespace.name, secret, around, counts), serviceAccounts: counts }];
      return isIn(record, secret) ? [leaving(namespace.name)] : [];
    })
    .sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
}

const isIn = ({ name }: CredentialRecord, secret: SecretRecord | undefined): boolean =>
  secret?.managed === true && secret.credentials.includes(name);

const leaving = (namespace: string): NamespaceState => ({
  namespace,
  state: 'Leaving',
  serviceAccounts: undefined,
  message: 'it is not selected any more, and what it was given is still there',
});

type Counts = NamespaceState['serviceAccounts'];

function stateOf(
  record: CredentialRecord,
  namespace: string,
  secret: SecretRecord | undefined,
  around: Surroundings,
  counts: Counts,
): Omit<NamespaceState, 'serviceAccounts'> {
  const say = (state: string, message: string) => ({ namespace, state, message });
  const place = { namespace, name: record.spec.secretName };
  const title = `Secret ${namespace}/${place.name}`;
  const failure = record.status?.failures.find(one => one.namespace === namespace);
  if (failure !== undefined) return say(failure.reason, failure.message);
  if (around.secrets === undefined) return say('Unknown', `${title} could not be read`);
  if (secret === undefined) return say('Pending', `there is no ${title} yet`);
  const refusal = secret.managed ? wrongSecretType(place, secret.type) : foreignSecret(place);
  if (!secret.managed || secret.type !== DOCKER_CONFIG_TYPE) return say(refusal.reason, refusal.message);
  if (!secret.credentials.includes(record.name))
    return say('Pending', `${title} does not have its logins yet`);
  if (counts !== undefined && counts.attached < counts.selected)
    return say('Pending', `${counts.selected - counts.attached} ServiceAccounts do not name ${title} yet`);
  return { namespace, state: 'Synced' };
}

function countsOf({ spec }: CredentialRecord, accounts: readonly ServiceAccountRecord[]): Counts {
  const selected = accounts.filter(account => selectsServiceAccount(spec.serviceAccounts, account));
  const attached = selected.filter(({ pullSecrets }) => pullSecrets.includes(spec.secretName));
  return { selected: selected.length, attached: attached.length };
}
