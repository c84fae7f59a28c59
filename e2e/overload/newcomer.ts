// One new namespace, and how long its first pod would have had to wait for login and reference.

import {
  NAMESPACES_PATH,
  secretPath,
  secretsPathIn,
  serviceAccountPath,
} from '../../src/controller/paths.ts';
import type { KubeClient, KubeObject } from '../../src/kube/kube-client.ts';
import { follow } from './following.ts';

/** Milliseconds since the epoch. */
export interface Wait {
  readonly from: number;
  readonly to: number;
}

export const lengthOf = ({ from, to }: Wait): number => to - from;

const now = (): number => performance.timeOrigin + performance.now();

/** From its ServiceAccount's coming, which the cluster sees to, until Secret and reference are there. */
export async function newcomer(client: KubeClient, name: string, label: string): Promise<Wait> {
  const collectionOf = (object: string): string => object.slice(0, object.lastIndexOf('/'));
  const at = { account: 0, reference: 0, secret: 0 };
  const served = Promise.withResolvers<void>();
  const note = (what: keyof typeof at): void => {
    at[what] ||= now();
    if (at.reference > 0 && at.secret > 0) served.resolve();
  };
  // Of this one namespace: to see all of a roll-out pass by would slow us down.
  const accounts = follow(client, collectionOf(serviceAccountPath(name, 'default')), ({ object }) => {
    note('account');
    if (refersTo(object, 'regcred')) note('reference');
  });
  const secrets = follow(client, collectionOf(secretPath(name, 'regcred')), () => note('secret'));
  await Promise.all([accounts.opened, secrets.opened]);
  const body = { metadata: { name, labels: { [label]: 'true' } } };
  await client.request({ method: 'POST', path: NAMESPACES_PATH, body });
  await Promise.race([served.promise, accounts.failed, secrets.failed]);
  accounts.stop();
  secrets.stop();
  return { from: at.account, to: Math.max(at.reference, at.secret) };
}

const refersTo = (account: KubeObject & { imagePullSecrets?: { name: string }[] }, secret: string): boolean =>
  account.imagePullSecrets?.some(({ name }) => name === secret) === true;

/** The Secret of a namespace is deleted; from then until there is another. */
export async function repair(client: KubeClient, namespace: string): Promise<Wait> {
  const back = Promise.withResolvers<void>();
  let from = Number.POSITIVE_INFINITY;
  const following = follow(client, secretsPathIn(namespace), ({ type }) => {
    if (type === 'DELETED') from = now();
    if (type === 'ADDED' && from < Number.POSITIVE_INFINITY) back.resolve();
  });
  await following.opened;
  await client.request({ method: 'DELETE', path: secretPath(namespace, 'regcred') });
  await Promise.race([back.promise, following.failed]);
  following.stop();
  return { from, to: now() };
}
