// The admission policy in the cluster that all tests share: there while a suite wants it, and gone again before
// the next one begins. No operator runs when either of these is done.

import { expect } from 'chai';
import { NAMESPACES_PATH } from '../../src/controller/paths.ts';
import {
  installAdmission,
  NO_POLICIES,
  offersMutatingPolicies,
  uninstallAdmission,
} from '../cluster/admission-component.ts';
import { tryCreate } from './admin.ts';
import { cluster } from './cluster.ts';
import { eventually } from './eventually.ts';
import { stopOperator } from './operator.ts';
import { SENTINEL_NAME, Sentinel } from './sentinel.ts';

/** For a `before` hook: skips the suite where the API server does not know the kind. */
export async function installPolicy(
  context: Mocha.Context,
  secretNames: readonly string[] = ['regcred'],
): Promise<void> {
  await skipWithoutMutatingPolicies(context);
  await stopOperator();
  await installAdmission(cluster(), [...secretNames, SENTINEL_NAME]);
  const sentinel = await Sentinel.post();
  await sentinel.seesAll();
  await sentinel.leave();
}

/** For a `before` hook: the suite is skipped, or the test where it is called by one. */
export async function skipWithoutMutatingPolicies(context: Mocha.Context): Promise<void> {
  if (await offersMutatingPolicies(cluster())) return;
  const test = context.test as (Mocha.Runnable & { readonly type?: string }) | undefined;
  const skipped = test?.type === 'hook' ? test.parent : test;
  Object.assign(skipped ?? {}, { skipReason: NO_POLICIES });
  context.skip();
}

/** For an `after` hook; does no harm where nothing was installed. */
export async function removePolicy(): Promise<void> {
  if (!(await offersMutatingPolicies(cluster()))) return;
  await stopOperator();
  const sentinel = await Sentinel.post();
  await sentinel.seesAll();
  await uninstallAdmission(cluster());
  await sentinel.seesNothing();
  await sentinel.leave();
}

export const accountsIn = (namespace: string): string => `${NAMESPACES_PATH}/${namespace}/serviceaccounts`;

/** Whether a new ServiceAccount of that name would be given the entry `regcred` by the policy. Nothing is stored. */
export async function isGivenIn(namespace: string, account = 'somebody'): Promise<boolean> {
  const { imagePullSecrets = [] } = await tryCreate(accountsIn(namespace), { metadata: { name: account } });
  return imagePullSecrets.some(({ name }: { name: string }) => name === 'regcred');
}

export const willBeGivenIn = (namespace: string, expected = true): Promise<void> =>
  eventually(`new ServiceAccounts in ${namespace} are given the entry: ${expected}`, async () => {
    expect(await isGivenIn(namespace)).to.equal(expected);
  });
