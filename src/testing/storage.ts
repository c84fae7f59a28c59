// Objects, the one counter of resourceVersions, and the history that watches read.
// Whatever is stored is frozen: what one reader does to it, no other reader can see.

import type { WatchEvent } from '../kube/kube-client.ts';
import { expired } from './answers.ts';
import { copyOf } from './copy.ts';
import { type AnyObject, keyOf, type ResourceName } from './resources.ts';

export interface Change {
  readonly resource: ResourceName;
  readonly resourceVersion: number;
  readonly event: WatchEvent;
  readonly previous: AnyObject | undefined;
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const child of Object.values(value)) freeze(child);
  return value;
}

const objectKey = (object: AnyObject): string => keyOf(object.metadata.namespace, object.metadata.name);

export class Storage {
  readonly #objects = new Map<ResourceName, Map<string, AnyObject>>();
  /** Sorted, until one comes or goes. */
  readonly #keys = new Map<ResourceName, readonly string[]>();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #undelivered: Change[] = [];
  #delivering = false;
  #history: Change[] = [];
  #resourceVersion = 1;
  #compactedAt = 0;
  #uids = 0;

  get resourceVersion(): number {
    return this.#resourceVersion;
  }

  /** Numbered, not random, so that a run can be replayed. */
  newUid(): string {
    this.#uids++;
    return `00000000-0000-4000-8000-${String(this.#uids).padStart(12, '0')}`;
  }

  get(resource: ResourceName, key: string): AnyObject | undefined {
    return this.#objects.get(resource)?.get(key);
  }

  /** Sorted by namespace and name, as etcd has them. */
  list(resource: ResourceName, namespace?: string): readonly AnyObject[] {
    const objects = this.#objects.get(resource);
    if (objects === undefined) return [];
    const keys = this.#keys.get(resource) ?? [...objects.keys()].sort();
    this.#keys.set(resource, keys);
    const chosen = namespace === undefined ? keys : keys.filter(key => key.startsWith(`${namespace}/`));
    return chosen.map(key => objects.get(key) as AnyObject);
  }

  /** Stores what it is given, under a new resourceVersion. */
  put(resource: ResourceName, object: AnyObject): AnyObject {
    const key = objectKey(object);
    const all = this.#objects.get(resource) ?? new Map<string, AnyObject>();
    this.#objects.set(resource, all);
    const previous = all.get(key);
    const type = previous === undefined ? 'ADDED' : 'MODIFIED';
    object.metadata.resourceVersion = String(++this.#resourceVersion);
    if (previous === undefined) this.#keys.delete(resource);
    all.set(key, freeze(object));
    this.#record(resource, { type, object }, previous);
    return object;
  }

  /** The last state, with the resourceVersion of the deletion. */
  remove(resource: ResourceName, object: AnyObject): AnyObject {
    const key = objectKey(object);
    const previous = this.get(resource, key);
    this.#objects.get(resource)?.delete(key);
    this.#keys.delete(resource);
    const last = copyOf(object);
    last.metadata.resourceVersion = String(++this.#resourceVersion);
    this.#record(resource, { type: 'DELETED', object: freeze(last) }, previous);
    return last;
  }

  /** Forgets the history: older watches and pages are answered 410 from now on. */
  compact(): void {
    this.#history = [];
    this.#compactedAt = this.#resourceVersion;
  }

  /** Changes after a resourceVersion; throws 410 when they are forgotten. */
  since(resource: ResourceName, resourceVersion: number): Change[] {
    if (resourceVersion < this.#compactedAt) {
      throw expired(`too old resource version: ${resourceVersion} (${this.#compactedAt})`);
    }
    const first = this.#history.findLastIndex(change => change.resourceVersion <= resourceVersion) + 1;
    return this.#history.slice(first).filter(change => change.resource === resource);
  }

  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #record(resource: ResourceName, event: WatchEvent, previous: AnyObject | undefined): void {
    const change = { resource, resourceVersion: this.#resourceVersion, event, previous };
    this.#history.push(change);
    this.#undelivered.push(change);
    // A listener may write: every listener still sees the changes in their order.
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let next = this.#undelivered.shift(); next !== undefined; next = this.#undelivered.shift()) {
        for (const listener of this.#listeners) listener(next);
      }
    } finally {
      this.#delivering = false;
    }
  }
}
