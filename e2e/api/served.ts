// What users see of a namespace once the operator has settled: the login, the reference, or neither.

import { expect } from 'chai';
import { FIELD_MANAGER } from '../../src/api/names.ts';
import { secretPath, serviceAccountPath } from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { type AnyObject, create, patch, read } from './admin.ts';
import { eventually } from './eventually.ts';
import {
  conditionOf,
  type Logins,
  listOwnersOf,
  loginsIn,
  ownedOf,
  pullSecretsOf,
  statusOf,
} from './scenario.ts';

/** Resolves once the namespace has exactly these logins, and its default ServiceAccount the reference. */
export const isServed = (namespace: string, logins: Logins): Promise<void> =>
  eventually(`${namespace} has its logins`, () => expectServed(namespace, logins));

async function expectServed(namespace: string, logins: Logins): Promise<void> {
  expect(await loginsIn(namespace)).to.deep.equal(logins);
  expect(await pullSecretsOf(namespace)).to.deep.equal(['regcred']);
}

/** With the last write as well, which leaves the list to its owners: whoever cuts it has it made again. */
export async function expectServedInFull(namespace: string, logins: Logins): Promise<void> {
  await expectServed(namespace, logins);
  expect(await listOwnersOf(namespace)).not.to.contain(FIELD_MANAGER);
}

export const isUntouched = async (namespace: string): Promise<void> => {
  expect(await loginsIn(namespace)).to.equal(undefined);
  expect(await pullSecretsOf(namespace)).to.deep.equal([]);
  expect(await ownedOf(namespace)).to.equal(undefined);
};

export const isClean = (namespace: string): Promise<void> =>
  eventually(`${namespace} is clean`, () => isUntouched(namespace));

/** `ready` as in "True Synced"; resolves to the message. */
export const isReady = (credential: string, ready: string): Promise<string> =>
  eventually(`${credential} is ${ready}`, async () => {
    expect(await conditionOf(credential, 'Ready')).to.equal(ready);
    return (await messageOf(credential, 'Ready')) ?? '';
  });

/** Synced, and of no source anything is to be said. */
export const isWell = (credential: string): Promise<void> =>
  eventually(`${credential} is well`, async () => {
    expect(await conditionOf(credential, 'Ready')).to.equal('True Synced');
    expect(await conditionOf(credential, 'SourceFailing')).to.equal(undefined);
    expect((await registryMessagesOf(credential)).filter(message => message !== undefined)).to.deep.equal([]);
  });

/** `reason` of SourceFailing; resolves to the message. */
export const isFailing = (credential: string, reason: string): Promise<string> =>
  eventually(`${credential} says that a source fails`, async () => {
    expect(await conditionOf(credential, 'SourceFailing')).to.equal(`True ${reason}`);
    // A status in the middle of a roll-out says so too, and the rest comes later.
    expect(await conditionOf(credential, 'Reconciling')).to.equal(undefined);
    return (await messageOf(credential, 'SourceFailing')) ?? '';
  });

export const messageOf = async (credential: string, type: string): Promise<string | undefined> =>
  (await statusOf(credential)).conditions.find(one => one.type === type)?.message;

/** What status says of each of `spec.registries`. */
export const registryMessagesOf = async (credential: string): Promise<(string | undefined)[]> =>
  (await statusOf(credential)).registries.map(({ message }) => message);

export const secretIn = (namespace: string): Promise<AnyObject> => read(secretPath(namespace, 'regcred'));

export const uidIn = async (namespace: string): Promise<string> => (await secretIn(namespace)).metadata.uid;

export const makeAccount = (
  namespace: string,
  name: string,
  labels: Record<string, string> = {},
): Promise<AnyObject> =>
  create(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name, labels } });

export const setAccountLabels = (
  namespace: string,
  name: string,
  labels: Record<string, string | null>,
): Promise<AnyObject> => patch(serviceAccountPath(namespace, name), { metadata: { labels } });

/** Values as text; null takes a key away. */
export function setSource(name: string, values: Record<string, string | null>): Promise<AnyObject> {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, text]) => [key, text && Buffer.from(text).toString('base64')]),
  );
  return patch(secretPath(OPERATOR_NAMESPACE, name), { data });
}
