// The namespaces of a measurement with their ServiceAccounts, and Secrets of others beside them. All are made by
// the benchmark itself: kube-controller-manager would take its own time, and its share of the processors.

import { NAMESPACES_PATH, secretsPathIn } from '../../src/controller/paths.ts';
import type { KubeClient, KubeObject } from '../../src/kube/kube-client.ts';
import { FLEET_PREFIX } from '../names.ts';
import { isAttached } from './following.ts';

export const FLEET_LABEL = 'bench.regcred.dev/fleet';

/** Requests of the benchmark itself that are under way at a time. */
export const PARALLEL = 64;

/** Bytes of a foreign Secret: as much as a small certificate with its key. */
const FOREIGN_BYTES = 4096;

export interface Fleet {
  readonly namespaces: number;
  /** ServiceAccounts in each, `default` among them. */
  readonly accounts: number;
  /** Secrets of somebody else, in all. */
  readonly foreign: number;
  /** RegistryCredentials, each of which selects all namespaces. */
  readonly credentials: number;
  /** The API server gives new ServiceAccounts their reference itself. */
  readonly admission: boolean;
}

export const namespaceName = (index: number): string => `${FLEET_PREFIX}${String(index).padStart(5, '0')}`;
export const accountName = (index: number): string => (index === 0 ? 'default' : `account-${index}`);

export const namesOf = ({ namespaces }: Pick<Fleet, 'namespaces'>): string[] =>
  Array.from({ length: namespaces }, (_, index) => namespaceName(index));

export async function seed(admin: KubeClient, fleet: Fleet): Promise<void> {
  const names = namesOf(fleet);
  await inParallel(names, 'namespaces', name => makeNamespace(admin, name, fleet.accounts));
  const foreign = Array.from({ length: fleet.foreign }, (_, index) => index);
  await inParallel(foreign, 'foreign Secrets', index =>
    makeForeign(admin, names[index % names.length] ?? 'default', index),
  );
}

export async function makeNamespace(admin: KubeClient, name: string, accounts: number): Promise<void> {
  const body = { metadata: { name, labels: { [FLEET_LABEL]: 'true' } } };
  await admin.request({ method: 'POST', path: NAMESPACES_PATH, body });
  for (let index = 0; index < accounts; index += 1) await makeAccount(admin, name, accountName(index));
}

/** What the floor has to know of a new ServiceAccount. */
export interface NewAccount {
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
  /** The API server gave it its reference. */
  readonly isAttached: boolean;
}

export async function makeAccount(admin: KubeClient, namespace: string, name: string): Promise<NewAccount> {
  const path = `${NAMESPACES_PATH}/${namespace}/serviceaccounts`;
  const request = { method: 'POST', path, body: { metadata: { name } } } as const;
  const { body } = await admin.request<KubeObject>(request);
  const { resourceVersion } = body.metadata;
  return { namespace, name, resourceVersion, isAttached: isAttached(body) };
}

async function makeForeign(admin: KubeClient, namespace: string, index: number): Promise<void> {
  const data = { content: Buffer.alloc(FOREIGN_BYTES, index % 251).toString('base64') };
  const body = { metadata: { name: `foreign-${index}` }, type: 'Opaque', data };
  await admin.request({ method: 'POST', path: secretsPathIn(namespace), body });
}

/** All of them, PARALLEL at a time; says how far it is. */
export async function inParallel<T>(
  items: readonly T[],
  what: string,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const step = Math.max(1000, Math.ceil(items.length / 5));
  let begun = 0;
  const worker = async (): Promise<void> => {
    for (let index = begun++; index < items.length; index = begun++) {
      await work(items[index] as T);
      if ((index + 1) % step === 0) console.error(`  ${index + 1} of ${items.length} ${what}`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}
