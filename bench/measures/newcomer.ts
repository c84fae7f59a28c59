// One new namespace, and how long its first pod would have had to wait for login and reference.

import { NAMESPACES_PATH, secretsPathIn } from '../../src/controller/paths.ts';
import type { KubeClient } from '../../src/kube/kube-client.ts';
import { ADMIN, isDone, isServing, requestsSince } from '../audit.ts';
import { quantile } from '../median.ts';
import { makeAccount, makeNamespace, type NewAccount } from '../stage/fleet.ts';
import { follow, refers } from '../stage/following.ts';

/** Milliseconds since the epoch. */
export interface Wait {
  /** Its ServiceAccount was there. */
  readonly from: number;
  /** Its reference and its Secret were. */
  readonly to: number;
}

/** Is told of each namespace that was made, and of each ServiceAccount that has no reference. */
export type Told = (made: { readonly namespace: string } | NewAccount) => void;

/** A namespace, and a moment later its ServiceAccount, as in a cluster. */
export async function makeServable(admin: KubeClient, namespace: string, told: Told): Promise<void> {
  await makeNamespace(admin, namespace, 0);
  told({ namespace });
  const account = await makeAccount(admin, namespace, 'default');
  if (!account.isAttached) told(account);
}

const now = (): number => performance.timeOrigin + performance.now();

/** Both ends are seen by watches of that namespace alone: to see others pass by would slow us down. */
export async function newcomer(admin: KubeClient, name: string, told: Told = () => {}): Promise<Wait> {
  const at = { account: 0, reference: 0, secret: 0 };
  const served = Promise.withResolvers<void>();
  const note = (what: keyof typeof at): void => {
    at[what] ||= now();
    if (at.reference > 0 && at.secret > 0) served.resolve();
  };
  const accounts = follow(admin, `${NAMESPACES_PATH}/${name}/serviceaccounts`, '', ({ object }) => {
    note('account');
    if (refers(object)) note('reference');
  });
  const secrets = follow(admin, secretsPathIn(name), '', () => note('secret'));
  await Promise.all([accounts.listed, secrets.listed]);
  await makeServable(admin, name, told);
  note('account');
  await Promise.race([served.promise, accounts.failed, secrets.failed]);
  accounts.stop();
  secrets.stop();
  return { from: at.account, to: Math.max(at.reference, at.secret) };
}

/** The same by the API server's own clock: between its answers to whoever made it and to whoever served it. */
export async function waitsAtServer(auditLog: string, from: number): Promise<Wait[]> {
  const [made, served] = [await requestsSince(auditLog, from, ADMIN), await requestsSince(auditLog, from)];
  // The first of each kind: a second patch of the ServiceAccount gives nothing, it says whose the list is.
  const first = new Map<string, number>();
  for (const { namespace, resource, answered } of served.filter(one => isServing(one) && isDone(one)))
    if (!first.has(`${namespace} ${resource}`)) first.set(`${namespace} ${resource}`, answered);
  const at = (namespace: string, resource: string): number => first.get(`${namespace} ${resource}`) ?? 0;
  return made
    .filter(({ verb, resource }) => verb === 'create' && resource === 'serviceaccounts')
    .map(({ namespace, answered }) => ({
      from: answered,
      // Both may have been there before: the Secret comes with the namespace, the reference by a policy.
      to: Math.max(answered, at(namespace, 'serviceaccounts'), at(namespace, 'secrets')),
    }));
}

/** p50, p99 and the longest, in milliseconds. */
export function inFigures(milliseconds: readonly number[]) {
  const at = (part: number): number => Math.round(quantile(milliseconds, part) * 10) / 10;
  return { count: milliseconds.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), longest: at(1) };
}

export const lengthOf = ({ from, to }: Wait): number => to - from;
