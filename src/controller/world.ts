// Everything that is known of the cluster, by kind. Filled by the reflectors and by
// the answers to our own writes; read by all, changed by nobody else.

import type { CredentialRecord } from '../core/credential-record.ts';
import type {
  NamespaceRecord,
  SecretRecord,
  ServiceAccountRecord,
  SourceSecretRecord,
} from '../core/records.ts';
import type { CredentialView, NamespaceView } from '../core/view.ts';
import { type OnChange, RecordStore } from './record-store.ts';

export interface World {
  readonly operatorNamespace: string;
  readonly secretNames: readonly string[];
  readonly credentials: RecordStore<CredentialRecord>;
  readonly namespaces: RecordStore<NamespaceRecord>;
  readonly serviceAccounts: RecordStore<ServiceAccountRecord>;
  /** One store per name: each has a watch, and so a position, of its own. */
  readonly secrets: ReadonlyMap<string, RecordStore<SecretRecord>>;
  readonly sources: RecordStore<SourceSecretRecord>;
}

export interface WorldEvents {
  readonly credential: OnChange<CredentialRecord>;
  readonly namespace: OnChange<NamespaceRecord>;
  readonly serviceAccount: OnChange<ServiceAccountRecord>;
  readonly secret: OnChange<SecretRecord>;
  readonly source: OnChange<SourceSecretRecord>;
}

export function createWorld(
  operatorNamespace: string,
  secretNames: readonly string[],
  events: WorldEvents,
): World {
  return {
    operatorNamespace,
    secretNames,
    credentials: new RecordStore(events.credential),
    namespaces: new RecordStore(events.namespace),
    serviceAccounts: new RecordStore(events.serviceAccount),
    secrets: new Map(secretNames.map(name => [name, new RecordStore(events.secret)])),
    sources: new RecordStore(events.source),
  };
}

/** Of each kind the next list counts, and nothing that we hold. */
export function distrust({ credentials, namespaces, serviceAccounts, secrets, sources }: World): void {
  for (const store of [credentials, namespaces, serviceAccounts, sources, ...secrets.values()])
    store.distrust();
}

export const credentialNamed = (world: World, name: string): CredentialRecord | undefined =>
  world.credentials.get('', name);

export const secretsIn = (world: World, namespace: string): SecretRecord[] =>
  [...world.secrets].flatMap(([name, store]) => store.get(namespace, name) ?? []);

/** Undefined when there is no such namespace. */
export function viewOf(
  world: World,
  name: string,
  credentials: readonly CredentialView[],
): NamespaceView | undefined {
  const namespace = world.namespaces.get('', name);
  if (namespace === undefined) return undefined;
  return {
    namespace,
    serviceAccounts: [...world.serviceAccounts.inNamespace(name)],
    secrets: secretsIn(world, name),
    credentials,
    operatorNamespace: world.operatorNamespace,
    secretNames: world.secretNames,
  };
}
