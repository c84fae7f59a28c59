// The floor: a bare loop that makes the writes that cannot be avoided, over the same
// transport, with the same identity, policies and parallelism, and knows what to write beforehand.
// A process of its own, as the operator is. Arguments: KUBECONFIG PARALLEL; names on stdin.

import { text } from 'node:stream/consumers';
import { handBackFields, requestFor } from '../src/controller/change-request.ts';
import { handedBack } from '../src/controller/list-ownership.ts';
import type { PatchServiceAccount } from '../src/core/change.ts';
import { encodeDockerConfig, encodeEntry } from '../src/core/docker-config.ts';
import { materialOf } from '../src/core/material.ts';
import { merge } from '../src/core/merge.ts';
import { HttpKubeClient } from '../src/kube/client.ts';
import type { KubeObject } from '../src/kube/kube-client.ts';
import { endpointOfFile } from '../src/kube/kube-config.ts';
import { LOGIN } from './login.ts';

const [kubeconfig = '', parallel = '32'] = process.argv.slice(2);
const accounts = JSON.parse(await text(process.stdin)) as { namespace: string; resourceVersion: string }[];
const client = new HttpKubeClient({
  endpoint: endpointOfFile(kubeconfig),
  version: 'floor',
  maxConcurrentWrites: Number(parallel),
});
const entry = encodeEntry(LOGIN);
if (!encodeDockerConfig([entry]).includes(LOGIN.server)) throw new Error('nothing to write');
const merged = merge([
  {
    name: 'bench',
    secretName: 'regcred',
    namespaceSelector: {},
    serviceAccounts: undefined,
    deletionPolicy: 'Delete',
    phase: 'active',
    material: materialOf([{ state: 'known', entries: [entry] }]),
  },
]);
await Promise.all(
  accounts.flatMap(({ namespace, resourceVersion }) => [
    attach(namespace, resourceVersion),
    client.request(
      requestFor({
        kind: 'ApplySecret',
        namespace,
        name: 'regcred',
        uid: undefined,
        merged,
        credentials: ['bench'],
        handedOver: false,
      }),
    ),
  ]),
);
await client.close();

async function attach(namespace: string, resourceVersion: string): Promise<void> {
  const patch: PatchServiceAccount = {
    kind: 'PatchServiceAccount',
    namespace,
    name: 'default',
    resourceVersion,
    pullSecrets: ['regcred'],
    ownPullSecrets: ['regcred'],
    detached: [],
    owners: [],
  };
  const { metadata } = (await client.request<KubeObject>(requestFor(patch))).body;
  const managedFields = handedBack(metadata, patch.owners);
  if (managedFields !== undefined)
    await client.request(handBackFields(patch, metadata.resourceVersion, managedFields));
}
