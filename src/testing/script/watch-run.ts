// The watches of the script: streamed lists, what follows them, and replays, each by what it selects.

import { ApiError } from '../../kube/errors.ts';
import type { KubeClient, KubeObject, WatchEvent } from '../../kube/kube-client.ts';
import { A, apply, B, CREDENTIALS, merge, NAMESPACES, post, remove } from './requests.ts';

const NAMESPACE = 'scripted-watch';
const SECRETS = `${NAMESPACES}/${NAMESPACE}/secrets`;
const SECRET = `${SECRETS}/regcred`;
export const STREAMED = {
  sendInitialEvents: 'true',
  resourceVersionMatch: 'NotOlderThan',
  allowWatchBookmarks: 'true',
};

/** What both API servers are to show, event by event, after the first word: how it was asked for. */
export const expectedEvents: readonly string[] = [
  'named ADDED regcred {}',
  'named BOOKMARK',
  'named MODIFIED regcred {"tier":"a"}',
  'named MODIFIED regcred {"tier":"a"} b.example',
  'named MODIFIED regcred {"tier":"b"} b.example',
  'named MODIFIED regcred {"tier":"a"} b.example',
  'named MODIFIED regcred {"tier":"a"} b.example going',
  'named DELETED regcred {"tier":"a"} b.example going',
  'replayed MODIFIED regcred {"tier":"a"}',
  'replayed MODIFIED regcred {"tier":"a"} b.example',
  'replayed MODIFIED regcred {"tier":"b"} b.example',
  'replayed MODIFIED regcred {"tier":"a"} b.example',
  'replayed MODIFIED regcred {"tier":"a"} b.example going',
  'replayed DELETED regcred {"tier":"a"} b.example going',
  // It comes into the selection and leaves it, in the state in which it was selected last.
  'labelled ADDED regcred {"tier":"a"}',
  'labelled MODIFIED regcred {"tier":"a"} b.example',
  'labelled DELETED regcred {"tier":"a"} b.example',
  'labelled ADDED regcred {"tier":"a"} b.example',
  'labelled MODIFIED regcred {"tier":"a"} b.example going',
  'labelled DELETED regcred {"tier":"a"} b.example going',
  'anything else DELETED regcred {}',
  'anything else ADDED regcred {"tier":"b"} b.example',
  'anything else DELETED regcred {"tier":"b"} b.example',
  'anything else MODIFIED end {}',
  'one of two MODIFIED regcred {"tier":"a"} b.example going',
  'one of two DELETED regcred {"tier":"a"} b.example going',
];

const MANY: readonly (readonly [string, Record<string, string>])[] = [
  ['replayed', { fieldSelector: 'metadata.name=regcred' }],
  ['labelled', { labelSelector: 'tier=a' }],
  ['anything else', { labelSelector: 'tier!=a,other notin (x)' }],
];

/** Secrets of which one is selected: labels, content, end. Then the same again from where it began. */
export async function runWatches(client: KubeClient): Promise<string[]> {
  await client.request(post(NAMESPACES, { metadata: { name: NAMESPACE } }));
  await client.request(post(SECRETS, { metadata: { name: 'other', labels: { other: 'x' } } }));
  await client.request(post(SECRETS, { metadata: { name: 'end' } }));
  const made = apply(SECRET, 'regcred', { ...A, metadata: { finalizers: ['a.example/hold'] } });
  const { body } = await client.request<KubeObject>(made);
  const { resourceVersion } = body.metadata;
  const seen: string[] = [];
  const follow = async (how: string, query: Record<string, string>, onBookmark = async () => {}) => {
    for await (const event of events(client, query)) {
      seen.push(`${how} ${shown(event)}`);
      if (event.type === 'BOOKMARK') await onBookmark();
      const { name, deletionTimestamp, labels } = event.object.metadata;
      if (event.type === 'DELETED' && deletionTimestamp !== undefined) return;
      if (name === 'end' && labels === undefined && event.type !== 'BOOKMARK') return;
    }
  };
  await follow('named', { ...STREAMED, fieldSelector: 'metadata.name=regcred' }, () => write(client));
  for (const [how, query] of MANY) await follow(how, { ...query, resourceVersion });
  const last = await lastOf(client, resourceVersion);
  await follow('one of two', { labelSelector: 'tier in (a, c),tier', resourceVersion: last });
  await client.request(remove(`${NAMESPACES}/${NAMESPACE}`));
  return seen;
}

async function write(client: KubeClient): Promise<void> {
  await client.request(merge(`${SECRETS}/other`, 'alice', { metadata: { annotations: { tier: 'x' } } }));
  const label = (tier: string) => merge(SECRET, 'alice', { metadata: { labels: { tier } } });
  await client.request(label('a'));
  await client.request(merge(SECRET, 'alice', { data: B.data }));
  await client.request(label('b'));
  await client.request(label('a'));
  await client.request(remove(SECRET));
  // Its last state is that of the deletion, with a resourceVersion of its own.
  await client.request(merge(SECRET, 'alice', { metadata: { finalizers: null } }));
  await client.request(merge(`${SECRETS}/end`, 'alice', { metadata: { annotations: { tier: 'x' } } }));
}

/** From where nothing is left to come but the end of the Secret. */
async function lastOf(client: KubeClient, resourceVersion: string): Promise<string> {
  let version = resourceVersion;
  for await (const { object } of events(client, {
    resourceVersion,
    fieldSelector: 'metadata.name=regcred',
  })) {
    if (object.metadata.deletionTimestamp !== undefined) return version;
    version = object.metadata.resourceVersion;
  }
  return version;
}

/** None may come before another that is older. */
async function* events(client: KubeClient, query: Record<string, string>): AsyncGenerator<WatchEvent> {
  let version = 0;
  for await (const event of client.watch({ path: SECRETS, query, signal: new AbortController().signal })) {
    const { resourceVersion } = event.object.metadata;
    if (Number(resourceVersion) < version)
      throw new Error(`${event.type} ${resourceVersion} comes after ${version}`);
    version = Number(resourceVersion);
    yield event;
  }
}

function shown({ type, object }: WatchEvent): string {
  if (type === 'BOOKMARK') return type;
  const { name, labels = {}, deletionTimestamp } = object.metadata;
  const isChanged = JSON.stringify((object as { data?: object }).data) === JSON.stringify(B.data);
  const going = deletionTimestamp === undefined ? '' : ' going';
  return `${type} ${name} ${JSON.stringify(labels)}${isChanged ? ' b.example' : ''}${going}`;
}

/** How a watch is refused that asks for what cannot be had. */
export const refusedWatches: Readonly<Record<string, Record<string, string>>> = {
  'a history that is forgotten': { resourceVersion: '1' },
  'a resourceVersion that is none': { resourceVersion: 'x' },
  'a list that nobody matches': { sendInitialEvents: 'true' },
  'a field that is not selectable': { fieldSelector: 'data=x' },
  'a label that is none': { labelSelector: 'a b' },
};

/** "CODE REASON: message [causes]", numbers left out. */
export async function refusalOf(client: KubeClient, query: Record<string, string>): Promise<string> {
  const { signal } = new AbortController();
  try {
    for await (const { type } of client.watch({ path: CREDENTIALS, query, signal })) return type;
    return 'the end';
  } catch (failure) {
    if (!(failure instanceof ApiError)) throw failure;
    const { code, reason, message, causes } = failure;
    return `${code} ${reason}: ${message.replace(/\d+/g, 'N')} [${causes.join(', ')}]`;
  }
}

/** What a bookmark is, but for its resourceVersion, and how a page of a list tells of the next. */
export async function shapesOf(client: KubeClient): Promise<readonly object[]> {
  const shapes: object[] = [];
  const { signal } = new AbortController();
  for (const path of [NAMESPACES, '/api/v1/secrets', '/api/v1/serviceaccounts', CREDENTIALS]) {
    for await (const { type, object } of client.watch({ path, query: STREAMED, signal })) {
      if (type !== 'BOOKMARK') continue;
      shapes.push({ ...object, metadata: { ...object.metadata, resourceVersion: 'N' } });
      break;
    }
  }
  for (const query of [{ limit: '1' }, { limit: '1', fieldSelector: 'metadata.name=default' }]) {
    const request = {
      method: 'GET',
      path: NAMESPACES,
      query: { ...query } as Record<string, string>,
    } as const;
    const { body } = await client.request<{
      kind: string;
      apiVersion: string;
      metadata: object;
      items: object[];
    }>(request);
    const { kind, apiVersion, metadata, items } = body;
    shapes.push({ kind, apiVersion, items: items.length, metadata: Object.keys(metadata).sort() });
  }
  return shapes;
}
