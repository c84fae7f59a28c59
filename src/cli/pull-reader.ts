// Gathers the facts of a pull from the cluster, with what the caller may read.

import { CREDENTIALS_ANNOTATION, MANAGED_BY, MANAGED_BY_LABEL } from '../api/names.ts';
import { CREDENTIALS_PATH, NAMESPACES_PATH, secretPath, serviceAccountPath } from '../controller/paths.ts';
import { slimCredential } from '../controller/slim.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import type { ImageReference } from '../core/image-reference.ts';
import type { PodFacts, PullFacts, SecretFacts, Seen } from '../core/pull-facts.ts';
import { readPullSecret } from '../core/pull-secret.ts';
import type { KubeObject } from '../kube/kube-client.ts';
import { type ClusterReader, mapSeen } from './cluster-reader.ts';

/** All but the image and the pod. */
export type Surroundings = Omit<PullFacts, 'image' | 'pod'>;

export interface Place {
  readonly namespace: string;
  readonly accountName: string;
  readonly operatorNamespace: string;
  /** Of the pod; the ServiceAccount's are read anyway. */
  readonly pullSecrets: readonly string[];
}

export async function readSurroundings(reader: ClusterReader, place: Place): Promise<Surroundings> {
  const { namespace, accountName, operatorNamespace } = place;
  const [account, space, credentials] = await Promise.all([
    reader.get(serviceAccountPath(namespace, accountName)),
    reader.get(`${NAMESPACES_PATH}/${encodeURIComponent(namespace)}`),
    reader.list(CREDENTIALS_PATH),
  ]);
  const records = mapSeen(credentials, items => items.map(slimCredential).sort(byName));
  const seenAccount = mapSeen(account, accountOf);
  const names = [
    ...place.pullSecrets,
    ...(seenAccount.state === 'read' ? seenAccount.value.pullSecrets : []),
    ...(records.state === 'read' ? records.value.map(({ spec }) => spec.secretName) : []),
  ];
  return {
    namespace,
    accountName,
    operatorNamespace,
    account: seenAccount,
    place: mapSeen(space, ({ metadata }) => ({
      labels: metadata.labels ?? {},
      terminating: metadata.deletionTimestamp !== undefined,
    })),
    credentials: records,
    secrets: await readSecrets(reader, namespace, names),
  };
}

export const factsOf = (surroundings: Surroundings, image: ImageReference, pod?: PodFacts): PullFacts => ({
  ...surroundings,
  image,
  pod,
});

async function readSecrets(
  reader: ClusterReader,
  namespace: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Seen<SecretFacts>>> {
  const wanted = [...new Set(names)].filter(name => name !== '');
  const read = async (name: string): Promise<[string, Seen<SecretFacts>]> => [
    name,
    mapSeen(await reader.get(secretPath(namespace, name)), secretOf),
  ];
  return new Map(await Promise.all(wanted.map(read)));
}

/** Its passwords end here. */
function secretOf(object: KubeObject): SecretFacts {
  const { metadata, type = 'Opaque', data = {}, immutable = false } = object as KubeSecret;
  return {
    content: readPullSecret({ type, data }),
    type,
    immutable,
    managed: metadata.labels?.[MANAGED_BY_LABEL] === MANAGED_BY,
    credentials: (metadata.annotations?.[CREDENTIALS_ANNOTATION] ?? '')
      .split(',')
      .filter(name => name !== ''),
  };
}

interface KubeSecret extends KubeObject {
  readonly type?: string;
  readonly data?: Record<string, string>;
  readonly immutable?: boolean;
}

function accountOf(object: KubeObject) {
  const { metadata, imagePullSecrets = [] } = object as KubeObject & {
    imagePullSecrets?: { name?: string }[];
  };
  return { labels: metadata.labels ?? {}, pullSecrets: imagePullSecrets.map(({ name = '' }) => name) };
}

const byName = (a: CredentialRecord, b: CredentialRecord): number => (a.name < b.name ? -1 : 1);
