// Whose a Secret is: what tenants do to Secrets of our name, theirs and ours, and how the
// operator leaves a Secret that it lets go of.

import { expect } from 'chai';
import {
  CREDENTIALS_ANNOTATION,
  DOCKER_CONFIG_KEY,
  DOCKER_CONFIG_TYPE,
  HANDED_OVER_ANNOTATION,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  SYNC_LABEL,
} from '../../src/api/names.ts';
import type { NamespaceFailure, RegistryCredentialSpec } from '../../src/api/types.ts';
import { credentialPath, secretPath, secretsPathIn, serviceAccountPath } from '../../src/controller/paths.ts';
import { type AnyObject, create, find, patch, remove } from './admin.ts';
import { eventually } from './eventually.ts';
import {
  conditionOf,
  decode,
  docker,
  type Logins,
  ownedOf,
  pullSecretsOf,
  type Scenario,
  statusOf,
} from './scenario.ts';
import { secretIn } from './served.ts';

export const LOGIN = { server: 'private-registry.io', username: 'registry-user', password: 'not-a-real-one' };
export const LOGINS: Logins = { 'private-registry.io': ['registry-user', 'not-a-real-one'] };

/** Labels of a namespace that is not to be selected yet. */
export const KEPT_OUT = { [SYNC_LABEL]: 'false' };
export const NO_LONGER_KEPT_OUT = { [SYNC_LABEL]: null };

/** A RegistryCredential of one login. */
export const oneLogin = async (
  story: Scenario,
  name: string,
  spec: Partial<RegistryCredentialSpec> = {},
  login = LOGIN,
): Promise<string> =>
  story.credential(name, { registries: [docker(await story.dockerSource(name, login))], ...spec });

/** A tenant's own. By default it has nothing to do with the login of the RegistryCredential. */
export const makeForeign = (
  namespace: string,
  data: object = { [DOCKER_CONFIG_KEY]: Buffer.from('{"auths":{}}').toString('base64') },
  more: object = {},
): Promise<AnyObject> =>
  create(secretsPathIn(namespace), {
    metadata: { name: 'regcred', labels: { team: 'theirs' } },
    type: DOCKER_CONFIG_TYPE,
    data,
    ...more,
  });

/** For `makeForeign`: it carries our label from the start. */
export const HANDED_OVER = { metadata: { name: 'regcred', labels: { [MANAGED_BY_LABEL]: MANAGED_BY } } };

/** For `makeForeign`: as a chart makes one. */
export const MADE_BY_HELM = {
  metadata: { name: 'regcred', labels: { team: 'theirs', [MANAGED_BY_LABEL]: 'Helm' } },
};

export const setManagedBy = (namespace: string, value: string | null): Promise<AnyObject> =>
  patch(secretPath(namespace, 'regcred'), { metadata: { labels: { [MANAGED_BY_LABEL]: value } } });

/** The command that status gives for it. */
export const handOverCommand = (namespace: string): string =>
  `kubectl -n ${namespace} label secret regcred ${MANAGED_BY_LABEL}=${MANAGED_BY} --overwrite`;

export const setPullSecrets = (namespace: string, ...names: string[]): Promise<AnyObject> =>
  patch(serviceAccountPath(namespace, 'default'), { imagePullSecrets: names.map(name => ({ name })) });

export const failuresOf = async (credential: string): Promise<NamespaceFailure[]> =>
  (await statusOf(credential)).failures;

export const hasCondition = (credential: string, type: string, expected: string | undefined): Promise<void> =>
  eventually(`${credential} is ${type} ${expected}`, async () => {
    expect(await conditionOf(credential, type)).to.equal(expected);
  });

export const isGone = (path: string): Promise<void> =>
  eventually(`${path} is gone`, async () => {
    expect(await find(path)).to.equal(undefined);
  });

/** Deletes it and waits for the finalizer. */
export async function removeCredential(credential: string): Promise<void> {
  await remove(credentialPath(credential));
  await isGone(credentialPath(credential));
}

/** No entry, no annotation; `others` are the entries of others in the order in which they stand. */
export async function isUnreferenced(namespace: string, ...others: string[]): Promise<void> {
  expect(await pullSecretsOf(namespace)).to.deep.equal(others);
  expect(await ownedOf(namespace)).to.equal(undefined);
}

/** The Secret holds the logins, and nothing on it says that it was ever ours. */
export async function isReleased(namespace: string, uid: string, logins: Logins): Promise<void> {
  const secret = await secretIn(namespace);
  expect(secret.metadata.uid).to.equal(uid);
  expect(decode(secret)).to.deep.equal(logins);
  expect(secret.metadata.labels ?? {}).not.to.have.property(MANAGED_BY_LABEL);
  const annotations = secret.metadata.annotations ?? {};
  for (const ours of [CREDENTIALS_ANNOTATION, HANDED_OVER_ANNOTATION])
    expect(annotations).not.to.have.property(ours);
}
