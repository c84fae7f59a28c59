// The writes that cannot be avoided, told in this one place: what the floor makes of each ServiceAccount and each
// Secret is what the operator must make of it, request by request (docs/adr/0009 says why a list is handed back).

import { handBackFields, requestFor } from '../../src/controller/change-request.ts';
import { handedBack } from '../../src/controller/list-ownership.ts';
import type { PatchServiceAccount } from '../../src/core/change.ts';
import type { KubeObject } from '../../src/kube/kube-client.ts';
import { dataOf } from '../login.ts';
import { credentialNames } from '../names.ts';
import type { Send } from './connection.ts';

/** Requests one after the other; those of several are made side by side. */
export type Work = (send: Send) => Promise<void>;

export interface Account {
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
}

/** What each Secret is to hold: worked out once, as the operator does. */
export interface Logins {
  readonly base64: string;
  /** Names of the RegistryCredentials, sorted. */
  readonly credentials: readonly string[];
}

export const loginsOf = (version: number, credentials: number): Logins => ({
  base64: dataOf(version, credentials),
  credentials: credentialNames(credentials).sort(),
});

/** What has to be made of one that the API server has not attached itself. */
export const attach =
  ({ namespace, name, resourceVersion }: Account, leaveListToOwners = true): Work =>
  async send => {
    const patch: PatchServiceAccount = {
      kind: 'PatchServiceAccount',
      namespace,
      name,
      resourceVersion,
      pullSecrets: ['regcred'],
      ownPullSecrets: ['regcred'],
      detached: [],
      owners: [],
    };
    const answer = await send(requestFor(patch));
    if (!leaveListToOwners) return;
    const { metadata } = JSON.parse(answer) as KubeObject;
    const managedFields = handedBack(metadata, patch.owners);
    if (managedFields !== undefined)
      await send(handBackFields(patch, metadata.resourceVersion, managedFields));
  };

/** @param uid of the Secret that is there; undefined makes it */
export function writeSecret(
  namespace: string,
  uid: string | undefined,
  { base64, credentials }: Logins,
): Work {
  const merged = {
    logins: new Map(),
    credentials: [],
    leftOut: new Map(),
    unknown: [],
    given: new Set<string>(),
    digest: '',
    base64,
  };
  const change = {
    kind: 'ApplySecret',
    namespace,
    name: 'regcred',
    uid,
    merged,
    credentials,
    handedOver: false,
  } as const;
  return async send => {
    await send(requestFor(change));
  };
}

/** The Secret of a namespace is written beside the first of its ServiceAccounts. */
export function serve(accounts: readonly Account[], logins: Logins, leaveListToOwners = true): Work[] {
  const namespaces = new Set<string>();
  return accounts.flatMap(account => {
    const { namespace } = account;
    const work = [attach(account, leaveListToOwners)];
    if (!namespaces.has(namespace)) work.push(writeSecret(namespace, undefined, logins));
    namespaces.add(namespace);
    return work;
  });
}
