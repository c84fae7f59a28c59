// Reads the cluster for a person: what that person may not read is an answer too, not a failure.

import type { Seen } from '../core/pull-facts.ts';
import { ApiError, isNotFound } from '../kube/errors.ts';
import type { KubeClient, KubeObject } from '../kube/kube-client.ts';

export interface ClusterReader {
  /** Throws for what concerns everything: no cluster, bad credentials. */
  get(path: string): Promise<Seen<KubeObject>>;
  /** The items; absent when there is no such kind. */
  list(path: string, query?: Readonly<Record<string, string>>): Promise<Seen<readonly KubeObject[]>>;
}

export function createReader(client: KubeClient): ClusterReader {
  return {
    get: path => seen(async () => (await client.request<KubeObject>({ method: 'GET', path })).body),
    list: (path, query = {}) => seen(() => pages(client, path, query)),
  };
}

/** Objects a page: a cluster can have tens of thousands. */
const PAGE = '1000';

async function pages(
  client: KubeClient,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<readonly KubeObject[]> {
  const items: KubeObject[] = [];
  for (let next: string | undefined = ''; next !== undefined; ) {
    const { body }: { body: List } = await client.request<List>({
      method: 'GET',
      path,
      query: { ...query, limit: PAGE, ...(next !== '' && { continue: next }) },
    });
    for (const item of body.items) items.push(item);
    next = body.metadata?.continue || undefined;
  }
  return items;
}

interface List {
  readonly items: readonly KubeObject[];
  readonly metadata?: { readonly continue?: string };
}

async function seen<T>(read: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { state: 'read', value: await read() };
  } catch (error) {
    if (isNotFound(error)) return { state: 'absent' };
    if (error instanceof ApiError && error.code === 403) return { state: 'unread', why: 'forbidden' };
    throw error;
  }
}

/** The value of what was read, made into something else. */
export function mapSeen<T, U>(one: Seen<T>, make: (value: T) => U): Seen<U> {
  return one.state === 'read' ? { state: 'read', value: make(one.value) } : one;
}
