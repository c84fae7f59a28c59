// Follows one collection by a watch: what is measured must not wait for the next look.

import { ApiError } from '../../src/kube/errors.ts';
import type { KubeClient, WatchEvent } from '../../src/kube/kube-client.ts';

export interface Following {
  /** The watch is open: nothing is missed from now on. */
  readonly opened: Promise<void>;
  /** Rejects when the watch cannot be followed; never resolves. */
  readonly failed: Promise<never>;
  stop(): void;
}

export function follow(client: KubeClient, path: string, look: (event: WatchEvent) => void): Following {
  const abort = new AbortController();
  const opened = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  void (async () => {
    const request = { path, query: {}, signal: abort.signal, onOpen: opened.resolve };
    for await (const event of client.watch(request)) look(event);
  })().catch((error: unknown) => {
    if (!abort.signal.aborted || error instanceof ApiError) failed.reject(error);
  });
  return { opened: opened.promise, failed: failed.promise, stop: () => abort.abort() };
}
