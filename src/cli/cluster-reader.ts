// Reads the cluster for a person: what that person may not read is an answer too, not a failure.

import type { Seen } from '../core/pull-facts.ts';
import { ApiError, isNotFound } from '../kube/errors.ts';
import type { KubeClient, KubeObject } from '../kube/kube-client.ts';
import { Limiter } from '../kube/limiter.ts';
import { TooLongError } from '../net/answer-text.ts';

export interface ClusterReader {
  /** Throws for what concerns everything: no cluster, bad credentials. */
  get(path: string): Promise<Seen<KubeObject>>;
  /** The items; absent when there is no such kind. */
  list(path: string, query?: Readonly<Record<string, string>>): Promise<Seen<readonly KubeObject[]>>;
}

/** Requests at once: a ServiceAccount can name thousands of Secrets, and each would be a connection. */
const MOST_AT_ONCE = 32;

export function createReader(client: KubeClient): ClusterReader {
  const turns = new Limiter(MOST_AT_ONCE);
  const object = async (path: string) => (await client.request<KubeObject>({ method: 'GET', path })).body;
  return {
    get: path => seen(isNoObject, () => turns.run(() => object(path))),
    list: (path, query = {}) => seen(isNotFound, () => pages(client, path, query)),
  };
}

/** Objects a page: a cluster can have tens of thousands. Of large Secrets fewer make an answer that is taken. */
const PAGE = 1_000;
const SMALLER = 8;

async function pages(
  client: KubeClient,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<readonly KubeObject[]> {
  const items: KubeObject[] = [];
  let limit = PAGE;
  for (let next: string | undefined = ''; next !== undefined; ) {
    const page: Record<string, string> = {
      ...query,
      limit: `${limit}`,
      ...(next !== '' && { continue: next }),
    };
    const body: List | undefined = await client
      .request<List>({ method: 'GET', path, query: page })
      .then(answer => answer.body)
      .catch(error => {
        if (limit > 1 && isTooLong(error)) return undefined;
        throw error;
      });
    if (body === undefined) {
      limit = Math.ceil(limit / SMALLER);
      continue;
    }
    for (const item of body.items) items.push(item);
    next = body.metadata?.continue || undefined;
  }
  return items;
}

const isTooLong = (error: unknown): boolean => error instanceof Error && error.cause instanceof TooLongError;

interface List {
  readonly items: readonly KubeObject[];
  readonly metadata?: { readonly continue?: string };
}

/** Said by the API server of a cluster: whatever else answers 404 does not know of the object. */
const isNoObject = (error: unknown): boolean =>
  isNotFound(error) && error instanceof ApiError && error.reason === 'NotFound';

async function seen<T>(isAbsent: (error: unknown) => boolean, read: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { state: 'read', value: await read() };
  } catch (error) {
    if (isAbsent(error)) return { state: 'absent' };
    if (error instanceof ApiError && error.code === 403) return { state: 'unread', why: 'forbidden' };
    throw error;
  }
}

/** The value of what was read, made into something else. */
export function mapSeen<T, U>(one: Seen<T>, make: (value: T) => U): Seen<U> {
  return one.state === 'read' ? { state: 'read', value: make(one.value) } : one;
}
