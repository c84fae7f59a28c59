// The writes that cannot be avoided, told in this one place: what the floor makes of each ServiceAccount and each
// Secret is what the operator must make of it, request by request (docs/adr/0009 says why a list is handed back).

import { handBackFields, requestFor } from '../../src/controller/change-request.ts';
import { handedBack } from '../../src/controller/list-ownership.ts';
import type { PatchServiceAccount } from '../../src/core/change.ts';
import type { KubeObject } from '../../src/kube/kube-client.ts';
import { dataOf } from '../login.ts';
import { CREDENTIAL } from '../names.ts';
import type { Send } from './connection.ts';

/** Requests one after the other; those of several are made side by side. */
export type Work = (send: Send) => Promise<void>;

export interface Account {
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
}

/** What has to be made of one that the API server has not attached itself. */
export const attach =
  ({ namespace, name, resourceVersion }: Account): Work =>
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
    const { metadata } = JSON.parse(await send(requestFor(patch))) as KubeObject;
    const managedFields = handedBack(metadata, patch.owners);
    if (managedFields !== undefined)
      await send(handBackFields(patch, metadata.resourceVersion, managedFields));
  };

/** @param uid of the Secret that is there; undefined makes it */
export function writeSecret(namespace: string, uid: string | undefined, version: number): Work {
  const base64 = dataOf(version);
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
    credentials: [CREDENTIAL],
    handedOver: false,
  } as const;
  return async send => {
    await send(requestFor(change));
  };
}

/** The Secret of a namespace is written beside the first of its ServiceAccounts. */
export function serve(accounts: readonly Account[], version: number): Work[] {
  const namespaces = new Set<string>();
  return accounts.flatMap(account => {
    const { namespace } = account;
    const work = [attach(account)];
    if (!namespaces.has(namespace)) work.push(writeSecret(namespace, undefined, version));
    namespaces.add(namespace);
    return work;
  });
}
