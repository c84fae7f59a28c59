// Sees what happens in the cluster by watches, not by polling: what is measured must not wait for the next look.

import { ownershipOf } from '../../src/controller/list-ownership.ts';
import type { KubeClient, KubeObject, WatchEvent } from '../../src/kube/kube-client.ts';

export interface Following {
  /** All that was there has been shown. */
  readonly listed: Promise<void>;
  /** Rejects when the watch cannot be followed; never resolves. */
  readonly failed: Promise<never>;
  stop(): void;
}

export type Seen = Exclude<WatchEvent, { type: 'BOOKMARK' }>;

/** Begins with what is there, each as ADDED. */
export function follow(
  client: KubeClient,
  path: string,
  fieldSelector: string,
  look: (event: Seen) => void,
): Following {
  const abort = new AbortController();
  const listed = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  const query = {
    fieldSelector,
    sendInitialEvents: 'true',
    resourceVersionMatch: 'NotOlderThan',
    allowWatchBookmarks: 'true',
    timeoutSeconds: '3600',
  };
  const once = async (): Promise<void> => {
    for await (const event of client.watch({ path, query, signal: abort.signal }))
      if (event.type === 'BOOKMARK') listed.resolve();
      else look(event);
    if (!abort.signal.aborted) console.error(`  the watch of ${path} was ended, and is begun anew`);
  };
  void (async () => {
    // What an API server ends early begins anew with all that is there: whoever looks asks for states, not for events.
    while (!abort.signal.aborted) await once();
  })().catch((error: unknown) => {
    if (!abort.signal.aborted) failed.reject(error);
  });
  return { listed: listed.promise, failed: failed.promise, stop: () => abort.abort() };
}

type Account = KubeObject & { imagePullSecrets?: { name: string }[] };
type Secret = KubeObject & { data?: Record<string, string> };

export const refers = (object: KubeObject): boolean =>
  (object as Account).imagePullSecrets?.some(({ name }) => name === 'regcred') === true;

/** It has the reference, and the list is left to its owners. */
export const isAttached = (object: KubeObject): boolean =>
  refers(object) && !ownershipOf(object.metadata).isInTheWay;

export const contentOf = (object: KubeObject): string | undefined =>
  (object as Secret).data?.['.dockerconfigjson'];
