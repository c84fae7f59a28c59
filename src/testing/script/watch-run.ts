// The watches of the script: the streamed list, what follows it, and a replay.

import type { KubeClient, KubeObject } from '../../kube/kube-client.ts';
import { A, apply, merge, NAMESPACES, post, remove } from './requests.ts';

const NAMESPACE = 'scripted-watch';
const SECRETS = `${NAMESPACES}/${NAMESPACE}/secrets`;
const SECRET = `${SECRETS}/regcred`;

/** What both API servers are to show, event by event. */
export const expectedEvents: readonly string[] = [
  'ADDED regcred {}',
  'BOOKMARK of the initial events',
  'MODIFIED regcred {"tier":"a"}',
  'DELETED regcred {"tier":"a"}',
  'replayed MODIFIED regcred {"tier":"a"}',
  'replayed DELETED regcred {"tier":"a"}',
];

/** Two Secrets of which one is selected; label and delete; then the same again from the first resourceVersion. */
export async function runWatches(client: KubeClient): Promise<string[]> {
  await client.request(post(NAMESPACES, { metadata: { name: NAMESPACE } }));
  await client.request(post(SECRETS, { metadata: { name: 'other' } }));
  const { body } = await client.request<KubeObject>(apply(SECRET, 'regcred', A));
  const write = async (): Promise<void> => {
    await client.request(merge(`${SECRETS}/other`, 'alice', { metadata: { labels: { tier: 'x' } } }));
    await client.request(merge(SECRET, 'alice', { metadata: { labels: { tier: 'a' } } }));
    // Its last state is that of the deletion, with a resourceVersion of its own.
    await client.request(remove(SECRET));
  };
  const streamed = await follow(
    client,
    { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan', allowWatchBookmarks: 'true' },
    write,
  );
  const replayed = await follow(client, { resourceVersion: body.metadata.resourceVersion }, async () => {});
  await client.request(remove(`${NAMESPACES}/${NAMESPACE}`));
  return [...streamed, ...replayed.map(event => `replayed ${event}`)];
}

/** Until the deletion; `write` once the watch shows where the initial events end. */
async function follow(
  client: KubeClient,
  query: Record<string, string>,
  write: () => Promise<void>,
): Promise<string[]> {
  const { signal } = new AbortController();
  const selected = { ...query, fieldSelector: 'metadata.name=regcred' };
  const seen: string[] = [];
  let version = 0;
  for await (const { type, object } of client.watch({ path: SECRETS, query: selected, signal })) {
    const { name, labels = {}, annotations, resourceVersion } = object.metadata;
    if (Number(resourceVersion) < version)
      throw new Error(`${type} ${resourceVersion} comes after ${version}`);
    version = Number(resourceVersion);
    if (type !== 'BOOKMARK') seen.push(`${type} ${name} ${JSON.stringify(labels)}`);
    else if (annotations?.['k8s.io/initial-events-end'] === 'true') {
      seen.push('BOOKMARK of the initial events');
      await write();
    }
    if (type === 'DELETED') break;
  }
  return seen;
}
