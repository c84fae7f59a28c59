// Sees by two watches, not by polling, when every namespace of the fleet has its Secret
// and every ServiceAccount its reference, with the list left to its owners.

import { ownershipOf } from '../../src/controller/list-ownership.ts';
import { SECRETS_PATH, SERVICE_ACCOUNTS_PATH } from '../../src/controller/paths.ts';
import { ApiError } from '../../src/kube/errors.ts';
import type { KubeClient, KubeObject } from '../../src/kube/kube-client.ts';

export interface Completion {
  /** Resolves when both watches have seen the present state. */
  readonly watching: Promise<void>;
  /** performance.now() at which the last of the fleet was complete. */
  readonly done: Promise<number>;
  stop(): void;
}

type Account = KubeObject & { imagePullSecrets?: { name: string }[] };

export function awaitCompletion(admin: KubeClient, names: readonly string[]): Completion {
  const abort = new AbortController();
  const missing = new Set(names.flatMap(name => [`secret/${name}`, `account/${name}`]));
  const done = Promise.withResolvers<number>();
  const see = (key: string): void => {
    if (missing.delete(key) && missing.size === 0) done.resolve(performance.now());
  };
  const follow = (path: string, fieldSelector: string, look: (object: KubeObject) => void): Promise<void> => {
    const listed = Promise.withResolvers<void>();
    const query = {
      fieldSelector,
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: 'true',
      timeoutSeconds: '600',
    };
    void (async () => {
      for await (const event of admin.watch({ path, query, signal: abort.signal }))
        if (event.type === 'BOOKMARK') listed.resolve();
        else if (event.type !== 'DELETED') look(event.object);
    })().catch((error: unknown) => {
      if (!abort.signal.aborted || error instanceof ApiError) done.reject(error);
    });
    return listed.promise;
  };
  const secrets = follow(SECRETS_PATH, 'metadata.name=regcred', ({ metadata }) =>
    see(`secret/${metadata.namespace}`),
  );
  const accounts = follow(SERVICE_ACCOUNTS_PATH, 'metadata.name=default', object => {
    const { metadata, imagePullSecrets = [] } = object as Account;
    const isAttached = imagePullSecrets.some(({ name }) => name === 'regcred');
    if (isAttached && !ownershipOf(metadata).isInTheWay) see(`account/${metadata.namespace}`);
  });
  const watching = Promise.all([secrets, accounts]).then(() => {});
  return { watching, done: done.promise, stop: () => abort.abort() };
}
