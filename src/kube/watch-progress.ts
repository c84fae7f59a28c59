// What a reflector knows of how far it is, apart from all I/O: which list or watch to ask
// for next, what an event means, and what a failure takes away.

import { ApiError, isExpired, RewoundError, TransportError } from './errors.ts';
import type { KubeObject, WatchEvent } from './kube-client.ts';
import type { ReflectorSink } from './reflector-sink.ts';

/** The server marks with it the bookmark after which the list is complete. */
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

/** Neither of them ends the watch. */
export interface WatchFaults {
  /** The transform threw, so this object is skipped. */
  unreadable(object: KubeObject, error: unknown): void;
  /** The sink threw: a mistake of our own. The object is that of the event, if it was about one. */
  unhandled(error: unknown, object?: KubeObject): void;
}

export class WatchProgress<R> {
  readonly #sink: ReflectorSink<R>;
  readonly #transform: (object: KubeObject) => R | undefined;
  readonly #faults: WatchFaults;
  /** The list while it streams in; undefined while following. */
  #listed: Map<string, R> | undefined = new Map();
  #resourceVersion = '';

  /** `transform` answers undefined for an object that is to be skipped; what it throws is about that object only. */
  constructor(sink: ReflectorSink<R>, transform: (object: KubeObject) => R | undefined, faults: WatchFaults) {
    this.#sink = sink;
    this.#transform = transform;
    this.#faults = faults;
  }

  get listing(): boolean {
    return this.#listed !== undefined;
  }

  /** Begins an attempt and gives its query: the rest of the stream, or the whole list anew. */
  begin(): Record<string, string> {
    if (this.#listed === undefined) {
      return { allowWatchBookmarks: 'true', resourceVersion: this.#resourceVersion };
    }
    // What an attempt before had collected may hold objects that are gone by now.
    this.#listed = new Map();
    // Without a resourceVersion the list is as fresh as a read from etcd.
    return {
      allowWatchBookmarks: 'true',
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
    };
  }

  /** True when this event completed the list. */
  take(event: WatchEvent): boolean {
    const { metadata } = event.object;
    if (this.#listed !== undefined) return this.#collect(event, this.#listed);
    if (isOlder(metadata.resourceVersion, this.#resourceVersion)) {
      throw new RewoundError();
    }
    this.#resourceVersion = metadata.resourceVersion;
    this.#follow(event);
    return false;
  }

  /**
   * Throws an ApiError that loses() knows when the server is at an older state than we: etcd was restored from
   * a backup. The server itself does not mind a watch from a resourceVersion to come, and would stay silent.
   */
  checkNotBehind(resourceVersion: string): void {
    if (this.#listed !== undefined || !isOlder(resourceVersion, this.#resourceVersion)) return;
    throw new RewoundError();
  }

  /** After this failure the history that we follow is of no use: list again. */
  loses(failure: unknown): boolean {
    if (this.#listed !== undefined || !(isExpired(failure) || isTooLarge(failure))) return false;
    this.restart();
    return true;
  }

  /** Nothing that was followed counts any more: list again. */
  restart(): void {
    this.#listed = new Map();
  }

  #collect(event: WatchEvent, listed: Map<string, R>): boolean {
    const { metadata } = event.object;
    if (event.type === 'BOOKMARK') {
      if (metadata.annotations?.[INITIAL_EVENTS_END] !== 'true') return false;
      this.#replace([...listed.values()], metadata.resourceVersion);
      this.#resourceVersion = metadata.resourceVersion;
      this.#listed = undefined;
      return true;
    }
    const key = `${metadata.namespace ?? ''}/${metadata.name}`;
    listed.delete(key);
    const record = event.type === 'DELETED' ? undefined : this.#recordOf(event.object);
    if (record !== undefined) listed.set(key, record);
    return false;
  }

  /** Listing again would meet the same mistake: what it kept from the sink is handed over one by one instead. */
  #replace(records: readonly R[], resourceVersion: string): void {
    if (this.#tell(() => this.#sink.replace(records, resourceVersion))) return;
    for (const record of records) this.#tell(() => this.#sink.upsert(record));
  }

  #follow({ type, object }: WatchEvent): void {
    if (type === 'BOOKMARK') {
      this.#tell(() => this.#sink.bookmark(object.metadata.resourceVersion));
      return;
    }
    const record = this.#recordOf(object);
    if (record === undefined) return;
    this.#tell(() => (type === 'DELETED' ? this.#sink.remove(record) : this.#sink.upsert(record)), object);
  }

  /** One object that cannot be read must not keep the sink from all the others. */
  #recordOf(object: KubeObject): R | undefined {
    try {
      return this.#transform(object);
    } catch (error) {
      this.#faults.unreadable(object, error);
      return undefined;
    }
  }

  /** Answers whether the sink got through. */
  #tell(what: () => void, object?: KubeObject): boolean {
    try {
      what();
      return true;
    } catch (error) {
      this.#faults.unhandled(error, object);
      return false;
    }
  }
}

/** Decimal numbers without leading zeros, comparable within one resource type (KEP-5504). */
function isOlder(version: string, than: string): boolean {
  return version.length === than.length ? version < than : version.length < than.length;
}

/** The server has not yet come as far as we: it lags, or etcd was restored. Only a list tells which. */
function isTooLarge(failure: unknown): boolean {
  return failure instanceof ApiError && failure.causes.includes('ResourceVersionTooLarge');
}

/** The server took the list for a watch, or went away in the middle of it. */
export const unfinishedList = (): TransportError =>
  new TransportError('the server ended the list before it was complete (Kubernetes 1.34 or newer?)');

/** Says of a refused streamed list what is behind it. */
export function listFailure(failure: unknown): unknown {
  const refused = failure instanceof ApiError && (failure.code === 400 || failure.code === 422);
  if (!refused || !/sendInitialEvents|resourceVersionMatch/.test(failure.message)) return failure;
  return new ApiError(
    failure.code,
    failure.reason,
    `needs Kubernetes 1.34 or newer, whose API server streams lists (WatchList): ${failure.message}`,
    failure.causes,
  );
}
