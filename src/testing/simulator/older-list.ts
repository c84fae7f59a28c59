// The beginning of a streamed list from a server whose cache is behind: the objects of a moment
// ago, then what happened to them since. The bookmark that ends the list comes after both, so the
// list is as fresh as was asked for.

import type { KubeObject, WatchEvent } from '../../kube/kube-client.ts';
import type { ResourceName } from '../resources.ts';
import type { Recorded } from './history.ts';
import type { Network } from './network.ts';
import { type Topic, topicsOf } from './views.ts';

export function olderList(
  { history, time }: Pick<Network, 'history' | 'time'>,
  topic: Topic,
  resource: string,
  age: number,
): WatchEvent[] {
  const isOfTopic = (object: KubeObject): boolean => topicsOf(resource, object).includes(topic);
  const objects = new Map(
    history
      .all(resource as ResourceName)
      .filter(isOfTopic)
      .map(object => [keyOf(object), object as KubeObject]),
  );
  const since: Recorded[] = [];
  for (let index = history.changes.length - 1; index >= 0; index--) {
    const change = history.changes[index] as Recorded;
    if (change.at < time.now - age) break;
    const object = change.after ?? change.before;
    if (change.resource !== resource || object === undefined || !isOfTopic(object)) continue;
    since.unshift(change);
    if (change.before === undefined) objects.delete(keyOf(object));
    else objects.set(keyOf(object), change.before);
  }
  const listed = [...objects.values()].map((object): WatchEvent => ({ type: 'ADDED', object }));
  return [...listed, ...since.map(eventOf)];
}

const keyOf = ({ metadata: { namespace, name } }: KubeObject): string => `${namespace ?? ''}/${name}`;

function eventOf({ before, after, resourceVersion }: Recorded): WatchEvent {
  if (after !== undefined) return { type: before === undefined ? 'ADDED' : 'MODIFIED', object: after };
  const last = before as KubeObject;
  const metadata = { ...last.metadata, resourceVersion: String(resourceVersion) };
  return { type: 'DELETED', object: { ...last, metadata } };
}
