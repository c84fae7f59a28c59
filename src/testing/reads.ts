// Lists and watches: paging, the streamed initial list, replay from a resourceVersion.

import type { Clock } from '../clock.ts';
import { ApiError, TransportError } from '../kube/errors.ts';
import type { KubeObject, WatchEvent, WatchRequest } from '../kube/kube-client.ts';
import { expired, unreadableVersion } from './answers.ts';
import { copyOf } from './copy.ts';
import { type Matches, parseFieldSelector } from './field-selector.ts';
import { parseLabelSelector } from './label-selector.ts';
import { type AnyObject, parsePath, type Resource, type Target } from './resources.ts';
import type { Change, Storage } from './storage.ts';
import { WatchStream } from './watch-stream.ts';

type Query = Readonly<Record<string, string>>;

interface Page {
  readonly items: readonly object[];
  readonly resourceVersion: string;
}

interface OpenWatch {
  readonly stream: WatchStream;
  readonly bookmark: () => void;
}

const matcher = (target: Target, query: Query): Matches => {
  const hasLabels = parseLabelSelector(query.labelSelector);
  const hasFields = parseFieldSelector(target.resource, query.fieldSelector);
  const { namespace, name } = target;
  return object =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (name === undefined || object.metadata.name === name) &&
    hasFields(object) &&
    hasLabels(object);
};

/** Items of a built-in list do not name their kind. */
const listItem = (resource: Resource, object: AnyObject): object => {
  if (resource.custom) return object;
  const { apiVersion: _, kind: __, ...item } = object;
  return item;
};

/** What leaves the selection is shown as it was selected last, and as deleted. */
function selected({ event, previous, resourceVersion }: Change, matches: Matches): WatchEvent | undefined {
  const object = event.object as AnyObject;
  if (event.type === 'DELETED') return matches(previous ?? object) ? event : undefined;
  const [was, is] = [previous !== undefined && matches(previous), matches(object)];
  if (is) return was === (event.type === 'MODIFIED') ? event : { type: was ? 'MODIFIED' : 'ADDED', object };
  if (!was) return undefined;
  const last = copyOf(previous) as AnyObject;
  last.metadata.resourceVersion = String(resourceVersion);
  return { type: 'DELETED', object: last };
}

function bookmarkOf(resource: Resource, resourceVersion: number, initial: boolean): WatchEvent {
  const annotations = initial ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
  const metadata = { resourceVersion: String(resourceVersion), ...annotations } as Partial<
    KubeObject['metadata']
  > as KubeObject['metadata'];
  const { apiVersion, kind } = resource;
  // Nothing but the resourceVersion, and what is never left out.
  const empty = resource.name === 'namespaces' ? { spec: {}, status: {} } : {};
  return { type: 'BOOKMARK', object: { apiVersion, kind, metadata, ...empty } as KubeObject };
}

export class Reads {
  readonly #storage: Storage;
  readonly #clock: Clock | undefined;
  readonly #watches = new Set<OpenWatch>();
  #pages = new Map<string, Page>();
  #tokens = 0;

  /** With a clock watches end when they were asked to. */
  constructor(storage: Storage, clock?: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  list(target: Target, query: Query): object {
    const page =
      query.continue === undefined ? this.#firstPage(target, query) : this.#nextPage(query.continue);
    const limit = Number(query.limit ?? 0) || page.items.length;
    const rest = page.items.slice(limit);
    const metadata: Record<string, unknown> = { resourceVersion: page.resourceVersion };
    if (rest.length > 0) {
      metadata.continue = `page-${++this.#tokens}`;
      metadata.remainingItemCount = rest.length;
      this.#pages.set(metadata.continue as string, { ...page, items: rest });
    }
    const { apiVersion, kind } = target.resource;
    return { apiVersion, kind: `${kind}List`, metadata, items: page.items.slice(0, limit) };
  }

  watch({ path, query, signal, onOpen }: WatchRequest): WatchStream {
    const target = parsePath(path);
    const { resource } = target;
    const matches = matcher(target, query);
    const send = (change: Change): void => {
      const event = selected(change, matches);
      if (event !== undefined) stream.push(event);
    };
    // Before anything is opened: an expired resourceVersion must leave nothing behind.
    const initial = this.#initialEvents(resource, query);
    const stopListening = this.#storage.listen(change => {
      if (change.resource === resource.name) send(change);
    });
    const abort = (): void => stream.close(new TransportError(`could not watch ${path}: aborted`));
    const seconds = Number(query.timeoutSeconds ?? Number.NaN);
    const timeout = seconds > 0 ? this.#clock?.setTimeout(() => stream.close(), seconds * 1000) : undefined;
    const stream = new WatchStream(() => {
      timeout?.cancel();
      stopListening();
      signal.removeEventListener('abort', abort);
      this.#watches.delete(open);
    });
    const bookmark = (initial: boolean): void => {
      if (query.allowWatchBookmarks !== 'true') return;
      stream.push(bookmarkOf(resource, this.#storage.resourceVersion, initial));
    };
    const open = { stream, bookmark: () => bookmark(false) };
    this.#watches.add(open);
    for (const change of initial) send(change);
    if (query.sendInitialEvents === 'true') bookmark(true);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    onOpen?.();
    return stream;
  }

  /** Ends every open watch, as a server does at its timeout, or with an error. */
  endWatches(error?: Error): void {
    for (const { stream } of [...this.#watches]) stream.close(error);
  }

  bookmarkAll(): void {
    for (const { bookmark } of this.#watches) bookmark();
  }

  get openWatches(): number {
    return this.#watches.size;
  }

  forgetPages(): void {
    this.#pages = new Map();
  }

  #firstPage(target: Target, query: Query): Page {
    const matches = matcher(target, query);
    const objects = this.#storage.list(target.resource.name, target.namespace).filter(matches);
    const items = objects.map(object => listItem(target.resource, object));
    return { items, resourceVersion: String(this.#storage.resourceVersion) };
  }

  #nextPage(token: string): Page {
    const page = this.#pages.get(token);
    if (page === undefined)
      throw expired('The provided continue parameter is too old to display a consistent list result.');
    return page;
  }

  #initialEvents(resource: Resource, query: Query): readonly Change[] {
    const { resourceVersion = '', sendInitialEvents } = query;
    if (sendInitialEvents !== undefined && query.resourceVersionMatch !== 'NotOlderThan') {
      const message =
        'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
      throw new ApiError(422, 'Invalid', `ListOptions.meta.k8s.io "" is invalid: ${message}`, [
        'FieldValueForbidden',
      ]);
    }
    if (sendInitialEvents === 'true' || resourceVersion === '' || resourceVersion === '0') {
      return this.#storage.list(resource.name).map(object => ({
        resource: resource.name,
        resourceVersion: Number(object.metadata.resourceVersion),
        event: { type: 'ADDED', object },
        previous: undefined,
      }));
    }
    if (!/^\d+$/.test(resourceVersion)) throw unreadableVersion(resourceVersion);
    return this.#storage.since(resource.name, Number(resourceVersion));
  }
}
