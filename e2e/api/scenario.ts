// One story of users around the operator. Each scenario has a label of its own on its
// namespaces and selects by it, so that none sees another's; what it made is removed at its end.

import { expect } from 'chai';
import { DOCKER_CONFIG_KEY, PULL_SECRETS_ANNOTATION } from '../../src/api/names.ts';
import type { RegistryCredentialSpec, RegistryCredentialStatus } from '../../src/api/types.ts';
import {
  CREDENTIALS_PATH,
  credentialPath,
  NAMESPACES_PATH,
  secretPath,
  secretsPathIn,
  serviceAccountPath,
} from '../../src/controller/paths.ts';
import type { ManagedFieldsEntry } from '../../src/kube/kube-client.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { type AnyObject, create, find, patch, read, remove } from './admin.ts';
import { eventually } from './eventually.ts';

/** On each of its namespaces. */
export const SCENARIO_LABEL = 'e2e.regcred.dev/scenario';
/** Milliseconds, of hundreds of namespaces on a busy machine. A hook that gives up takes the tests after it along. */
const LONGEST_UNDO = 60_000;
/** Milliseconds, until the cluster's own controllers have made what belongs to a namespace. */
const LONGEST_FOR_CLUSTER = 45_000;

export interface Login {
  readonly server: string;
  readonly username: string;
  readonly password: string;
}

/** `{server: [username, password]}` of a Secret; what tests compare. */
export type Logins = Record<string, readonly [string, string]>;

type Spec = { [Field in keyof RegistryCredentialSpec]?: RegistryCredentialSpec[Field] | undefined };
type Made = { metadata: { name: string; [field: string]: unknown }; [field: string]: unknown };

let count = 0;

export class Scenario {
  /** Also the prefix of everything that it makes. */
  readonly id: string;
  readonly #made: string[] = [];

  constructor(name: string) {
    count += 1;
    this.id = `${name}-${count}`;
  }

  /** A namespace that this scenario's RegistryCredentials select, with its default ServiceAccount there. */
  async namespace(
    name: string,
    labels: Record<string, string> = {},
    annotations: Record<string, string> = {},
  ): Promise<string> {
    const full = `${this.id}-${name}`;
    await this.make(NAMESPACES_PATH, {
      metadata: { name: full, labels: { [SCENARIO_LABEL]: this.id, ...labels }, annotations },
    });
    const isThere = (): Promise<AnyObject> => read(serviceAccountPath(full, 'default'));
    await eventually(`${full} has its default ServiceAccount`, isThere, LONGEST_FOR_CLUSTER);
    return full;
  }

  /** A source as `kubectl create secret docker-registry` makes it; returns its name. */
  dockerSource(name: string, ...logins: readonly Login[]): Promise<string> {
    return this.source(name, 'kubernetes.io/dockerconfigjson', { [DOCKER_CONFIG_KEY]: dockerConfig(logins) });
  }

  basicSource(name: string, username: string, password: string): Promise<string> {
    return this.source(name, 'kubernetes.io/basic-auth', { username, password });
  }

  /** A Secret where sources are kept, of whatever type; returns its name. */
  async source(name: string, type: string, stringData: Record<string, string>): Promise<string> {
    const full = `${this.id}-${name}`;
    await this.make(secretsPathIn(OPERATOR_NAMESPACE), { metadata: { name: full }, type, stringData });
    return full;
  }

  /** Selects the namespaces of this scenario unless `spec` says otherwise (undefined: the default); returns its name. */
  async credential(name: string, spec: Spec): Promise<string> {
    const full = `${this.id}-${name}`;
    await this.make(CREDENTIALS_PATH, {
      apiVersion: 'regcred.dev/v1alpha1',
      kind: 'RegistryCredential',
      metadata: { name: full },
      spec: { namespaceSelector: this.selector, ...spec },
    });
    return full;
  }

  get selector(): { matchLabels: Record<string, string> } {
    return { matchLabels: { [SCENARIO_LABEL]: this.id } };
  }

  async make(collection: string, body: Made): Promise<AnyObject> {
    const made = await create(collection, body);
    this.#made.push(`${collection}/${body.metadata.name}`);
    return made;
  }

  /** In the order in which an admin would: RegistryCredentials first, so that they undo what they did. */
  async end(): Promise<void> {
    const credentials = this.#made.filter(path => path.startsWith(CREDENTIALS_PATH));
    for (const path of credentials) await remove(path);
    for (const path of credentials)
      await eventually(
        `${path} is gone`,
        async () => expect(await find(path)).to.equal(undefined),
        LONGEST_UNDO,
      );
    for (const path of this.#made.toReversed()) await remove(path);
  }
}

export const basic = (secret: string, server?: string) => ({
  basic: { secretRef: { name: secret } },
  ...(server !== undefined && { server }),
});

export const docker = (secret: string) => ({ dockerConfig: { secretRef: { name: secret } } });

export function dockerConfig(logins: readonly Login[]): string {
  const entries = logins.map(({ server, username, password }) => {
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    return [server, { username, password, auth }] as const;
  });
  return JSON.stringify({ auths: Object.fromEntries(entries) });
}

/** Undefined when there is no such Secret. */
export async function loginsIn(namespace: string, name = 'regcred'): Promise<Logins | undefined> {
  const secret = await find(secretPath(namespace, name));
  return secret && decode(secret);
}

export function decode(secret: AnyObject): Logins {
  const text = Buffer.from(secret.data[DOCKER_CONFIG_KEY], 'base64').toString();
  const { auths } = JSON.parse(text) as { auths: Record<string, { username: string; password: string }> };
  return Object.fromEntries(
    Object.entries(auths).map(([server, { username, password }]) => [server, [username, password]]),
  );
}

export async function pullSecretsOf(namespace: string, account = 'default'): Promise<string[]> {
  const { imagePullSecrets = [] } = await read(serviceAccountPath(namespace, account));
  return imagePullSecrets.map(({ name }: { name: string }) => name);
}

/** Who owns that list, by managedFields. */
export async function listOwnersOf(namespace: string, account = 'default'): Promise<string[]> {
  const { managedFields = [] } = (await read(serviceAccountPath(namespace, account))).metadata;
  return managedFields.filter(ownsList).map(({ manager = '' }: ManagedFieldsEntry) => manager);
}

export const ownsList = ({ fieldsV1 }: ManagedFieldsEntry): boolean =>
  fieldsV1?.['f:imagePullSecrets'] !== undefined;

/** The entries that the operator says are its own. */
export async function ownedOf(namespace: string, account = 'default'): Promise<string | undefined> {
  return (await read(serviceAccountPath(namespace, account))).metadata.annotations?.[PULL_SECRETS_ANNOTATION];
}

export const setLabels = (namespace: string, labels: Record<string, string | null>): Promise<AnyObject> =>
  patch(`${NAMESPACES_PATH}/${namespace}`, { metadata: { labels } });

export const setSpec = (credential: string, spec: object): Promise<AnyObject> =>
  patch(credentialPath(credential), { spec });

export async function statusOf(credential: string): Promise<RegistryCredentialStatus> {
  const { status, metadata } = await read(credentialPath(credential));
  expect(status?.observedGeneration, 'status is of this generation').to.equal(metadata.generation);
  return status;
}

/** "True Synced"; undefined when the condition is not there. */
export async function conditionOf(credential: string, type: string): Promise<string | undefined> {
  const condition = (await statusOf(credential)).conditions.find(one => one.type === type);
  return condition && `${condition.status} ${condition.reason}`;
}
