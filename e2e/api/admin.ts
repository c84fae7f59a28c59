// The people around the operator: an admin who reads and writes objects. Over the
// operator's own transport, for a kubectl a call would be slow to start hundreds of times.

import { HttpKubeClient } from '../../src/kube/client.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import type { KubeObject, KubeRequest } from '../../src/kube/kube-client.ts';
import { endpointOfFile } from '../../src/kube/kube-config.ts';
import { cluster } from './cluster.ts';

let client: HttpKubeClient | undefined;

function adminClient(): HttpKubeClient {
  client ??= new HttpKubeClient({ endpoint: endpointOfFile(cluster().kubeconfig), version: 'tests' });
  return client;
}

/** Whatever the API server returns; tests look at single fields. */
// biome-ignore lint/suspicious/noExplicitAny: an object of whatever kind was asked for
export type AnyObject = KubeObject & Record<string, any>;

const send = async (request: KubeRequest): Promise<AnyObject> =>
  (await adminClient().request<AnyObject>(request)).body;

// Without it the fields would count as the operator's, whose User-Agent this client has.
const query = { fieldManager: 'admin' };

export const read = (path: string): Promise<AnyObject> => send({ method: 'GET', path });

/** Of a collection, what the label selector selects. */
export const list = async (path: string, labelSelector: string): Promise<AnyObject[]> =>
  (await send({ method: 'GET', path, query: { labelSelector } })).items;

/** Undefined when there is none. */
export const find = (path: string): Promise<AnyObject | undefined> =>
  read(path).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });

export const create = (collection: string, body: object): Promise<AnyObject> =>
  send({ method: 'POST', path: collection, query, body });

export const patch = (path: string, body: object): Promise<AnyObject> =>
  send({ method: 'PATCH', path, query, body, contentType: 'application/merge-patch+json' });

export const replace = (path: string, body: object): Promise<AnyObject> =>
  send({ method: 'PUT', path, query, body });

/** What would be stored: admission has its say, and nothing is written. */
export const tryCreate = (collection: string, body: object): Promise<AnyObject> =>
  send({ method: 'POST', path: collection, query: { ...query, dryRun: 'All' }, body });

/** The same for a `replace`. */
export const tryReplace = (path: string, body: object): Promise<AnyObject> =>
  send({ method: 'PUT', path, query: { ...query, dryRun: 'All' }, body });

/** By server-side apply, in the name of whichever field manager. */
export const apply = (path: string, body: object, fieldManager: string, force = true): Promise<AnyObject> =>
  send({
    method: 'PATCH',
    path,
    query: { fieldManager, force: String(force) },
    body,
    contentType: 'application/apply-patch+yaml',
  });

/** Does nothing when it is gone already. */
export async function remove(path: string): Promise<void> {
  await send({ method: 'DELETE', path }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}

/** Every state of the one object of a collection from now on, as a watch shows it, until the signal. */
export async function* follow(
  collection: string,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<AnyObject> {
  yield* followAll(collection, { fieldSelector: `metadata.name=${name}` }, signal);
}

/** The same for all of a collection that the query selects; `onOpen`: from here on nothing is missed. */
export async function* followAll(
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
  onOpen: () => void = () => {},
): AsyncGenerator<AnyObject> {
  try {
    const events = adminClient().watch({ path, query, signal, onOpen });
    for await (const { object } of events) yield object as AnyObject;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
