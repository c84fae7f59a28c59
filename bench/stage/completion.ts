// When everything is as it is to be: every namespace has its Secret with the right bytes, and every ServiceAccount
// its reference, with the list left to its owners.

import { CREDENTIALS_PATH, SECRETS_PATH, SERVICE_ACCOUNTS_PATH } from '../../src/controller/paths.ts';
import type { KubeClient, KubeObject } from '../../src/kube/kube-client.ts';
import { dataOf } from '../login.ts';
import { contentOf, type Following, follow } from './following.ts';

export interface Wanted {
  readonly namespaces: readonly string[];
  /** Names of ServiceAccounts in each of them; none: only the Secrets are awaited. */
  readonly accounts: readonly string[];
  /** Version of the login that changes. */
  readonly version: number;
  /** How many RegistryCredentials give one. */
  readonly credentials: number;
  /** Whether a ServiceAccount is as it is to be. */
  readonly isAttached: (account: KubeObject) => boolean;
}

export interface Completion {
  /** The watches have seen the present state. */
  readonly watching: Promise<void>;
  /** performance.now() at which the last of all was right. */
  readonly done: Promise<number>;
  /** performance.now() at which the status of every RegistryCredential has said so. */
  readonly told: Promise<number>;
  /** uid of each Secret at its first sight, and whether one has changed. */
  readonly uids: { readonly changed: number };
  stop(): void;
}

export function awaitCompletion(admin: KubeClient, wanted: Wanted): Completion {
  const missing = new Set(
    wanted.namespaces.flatMap(name => [name, ...wanted.accounts.map(account => `${name}/${account}`)]),
  );
  const [done, told] = [Promise.withResolvers<number>(), Promise.withResolvers<number>()];
  const synced = new Set<string>();
  const tell = (): void => {
    if (missing.size === 0 && synced.size === wanted.credentials) told.resolve(performance.now());
  };
  const see = (key: string): void => {
    if (!missing.delete(key) || missing.size > 0) return;
    done.resolve(performance.now());
    tell();
  };
  const seeSecret = followSecrets(wanted, see);
  const followings: Following[] = [
    follow(admin, SECRETS_PATH, 'metadata.name=regcred', ({ object }) => seeSecret.look(object)),
    follow(admin, CREDENTIALS_PATH, '', ({ object }) => {
      // Also before we have seen all: its watch may be ahead of the others.
      if (isSynced(object)) synced.add(object.metadata.name);
      else synced.delete(object.metadata.name);
      tell();
    }),
    ...(wanted.accounts.length > 0
      ? [
          follow(admin, SERVICE_ACCOUNTS_PATH, '', ({ type, object }) => {
            const { namespace, name } = object.metadata;
            if (type !== 'DELETED' && wanted.isAttached(object)) see(`${namespace}/${name}`);
          }),
        ]
      : []),
  ];
  // Whoever awaits it is told; nobody may be waiting any more.
  done.promise.catch(() => {});
  for (const { failed } of followings) failed.catch(done.reject);
  return {
    watching: Promise.all(followings.map(({ listed }) => listed)).then(() => {}),
    done: done.promise,
    told: told.promise,
    uids: seeSecret.uids,
    stop: () => {
      for (const following of followings) following.stop();
    },
  };
}

function followSecrets({ version, credentials }: Wanted, see: (key: string) => void) {
  const data = dataOf(version, credentials);
  const seen = new Map<string, string>();
  const uids = { changed: 0 };
  const look = (object: KubeObject): void => {
    const { namespace = '', uid } = object.metadata;
    const earlier = seen.get(namespace);
    if (earlier === undefined) seen.set(namespace, uid);
    else if (earlier !== uid) uids.changed += 1;
    if (contentOf(object) === data) see(namespace);
  };
  return { look, uids };
}

interface Status {
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason: string;
    }[];
  };
}

export const isSynced = (object: KubeObject): boolean =>
  (object as Status).status?.conditions?.some(
    ({ type, status, reason }) => type === 'Ready' && status === 'True' && reason === 'Synced',
  ) === true;
