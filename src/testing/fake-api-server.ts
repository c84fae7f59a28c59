// An API server in memory, for tests of the loop and for the simulator: truthful about
// what the operator leans on (e2e/api/fake-agrees.e2e.ts holds it against a real one),
// with faults at command and a side door for everybody else who writes to a cluster.

import type { Clock } from '../clock.ts';
import { type ApiError, TransportError } from '../kube/errors.ts';
import type { KubeClient, KubeRequest, KubeResponse, WatchEvent, WatchRequest } from '../kube/kube-client.ts';
import type { Admission, Review } from './admission.ts';
import type { Fixture } from './builders.ts';
import { ClusterControllers } from './cluster-controllers.ts';
import { copyOf } from './copy.ts';
import { Reads } from './reads.ts';
import { handle } from './requests.ts';
import { collectionPath, type Kinds, pathOf, type ResourceName, resources } from './resources.ts';
import { type Change, Storage } from './storage.ts';
import type { WatchStream } from './watch-stream.ts';
import { Writes } from './writes.ts';

/** One request that came through a client; the side door is not recorded. */
export interface RecordedRequest {
  readonly method: KubeRequest['method'];
  readonly path: string;
  readonly user: string;
}

/** What the side door takes: the server fills in the rest. */
export type Draft = { readonly metadata: { readonly name: string; readonly namespace?: string } };

export interface Options {
  /** Milliseconds since the epoch; for creation and deletion times. */
  readonly now?: () => number;
  /** For the time-outs of watches; without it they have none. */
  readonly clock?: Clock;
}

export class FakeApiServer {
  /** The policies in force, such as those of policies/policies.ts. They apply to the side door too. */
  admission: Admission | undefined;
  /** One more, of a test: what it returns is the answer. Applies to the side door too. */
  admit: ((review: Review) => ApiError | undefined) | undefined;
  /** Runs before a request of a client is carried out; what it throws is the answer. */
  before: ((request: KubeRequest, user: string) => void | Promise<void>) | undefined;
  /** Runs after a request was carried out; what it throws takes the place of the answer. */
  after:
    | ((request: KubeRequest, response: KubeResponse<object>, user: string) => void | Promise<void>)
    | undefined;
  /** Runs before a watch is opened; what it throws is the answer. */
  beforeWatch: ((request: WatchRequest, user: string) => void | Promise<void>) | undefined;
  /** Of all clients, in order. */
  readonly requests: RecordedRequest[] = [];
  readonly controllers: ClusterControllers;

  readonly #storage = new Storage();
  readonly #reads: Reads;
  readonly #writes = new Writes(this.#storage, {
    mutate: review => this.admission?.mutate?.(review, this.#storage),
    validate: review => this.admission?.validate?.(review) ?? this.admit?.(review),
  });
  readonly #now: () => number;

  constructor(options: Options = {}) {
    this.#reads = new Reads(this.#storage, options.clock);
    this.#now = options.now ?? (() => Date.UTC(2026, 0, 1));
    this.controllers = new ClusterControllers(
      this.#storage,
      (path, body) => this.#handle({ method: 'POST', path, body }, 'kube-controller-manager'),
      (resource, key) =>
        this.#handle({ method: 'DELETE', path: pathOf(resources[resource], key) }, 'kube-controller-manager'),
    );
  }

  /** A connection; `user` is also the field manager of requests that name none. */
  client(user = 'regcred'): KubeClient {
    return {
      request: async <T>(request: KubeRequest) => (await this.#request(request, user)) as KubeResponse<T>,
      watch: request => this.#watch(request, user),
    };
  }

  /** As a client's request, but at once, not recorded, and without hooks; throws ApiError. The body is frozen. */
  answer(request: KubeRequest, user: string): KubeResponse<object> {
    return this.#answer(request, user);
  }

  /** As a client's watch, but at once: a 410 is thrown here. */
  follow(request: WatchRequest): WatchStream {
    return this.#reads.watch(request);
  }

  /** Told of every change in its order, while the request that made it is carried out. */
  listen(listener: (change: Change) => void): void {
    this.#storage.listen(listener);
  }

  /** As stored, so frozen; sorted by namespace and name. */
  snapshot<R extends ResourceName>(resource: R): readonly Kinds[R][] {
    return this.#storage.list(resource) as unknown as Kinds[R][];
  }

  /** The requests of clients that can change something. */
  get writes(): RecordedRequest[] {
    return this.requests.filter(request => request.method !== 'GET');
  }

  get resourceVersion(): string {
    return String(this.#storage.resourceVersion);
  }

  get openWatches(): number {
    return this.#reads.openWatches;
  }

  /** As it is stored: the same object as long as nobody writes it, and frozen. For whoever looks often. */
  stored<R extends ResourceName>(resource: R, ...where: string[]): Kinds[R] | undefined {
    return this.#storage.get(resource, where.join('/')) as Kinds[R] | undefined;
  }

  /** The same of all of them, sorted by namespace and name. */
  allStored<R extends ResourceName>(resource: R, namespace?: string): readonly Kinds[R][] {
    return this.#storage.list(resource, namespace) as unknown as readonly Kinds[R][];
  }

  /** A copy; `where` is namespace and name, or the name of a cluster-scoped object. */
  get<R extends ResourceName>(resource: R, ...where: string[]): Kinds[R] | undefined {
    return copyOf(this.#storage.get(resource, where.join('/'))) as Kinds[R] | undefined;
  }

  /** Copies, sorted by namespace and name. */
  list<R extends ResourceName>(resource: R, namespace?: string): Kinds[R][] {
    return copyOf(this.#storage.list(resource, namespace)) as unknown as Kinds[R][];
  }

  /** What is in the cluster already: fixtures of builders.ts, in this order. */
  given(...fixtures: readonly Fixture[]): void {
    for (const fixture of fixtures) this.create(fixture.resource, fixture);
  }

  create<R extends ResourceName>(resource: R, object: Draft & object, manager = 'kubectl-create'): Kinds[R] {
    const path = collectionPath(resources[resource], object.metadata.namespace);
    return this.#handle({ method: 'POST', path, body: object }, manager).body as Kinds[R];
  }

  /** Server-side apply, as Helm 4, Flux and `kubectl apply --server-side` do it. */
  apply<R extends ResourceName>(
    resource: R,
    object: Draft & object,
    manager: string,
    force = false,
  ): Kinds[R] {
    const { name, namespace } = object.metadata;
    const path = pathOf(resources[resource], namespace === undefined ? name : `${namespace}/${name}`);
    const { apiVersion, kind } = resources[resource];
    return this.#handle(
      {
        method: 'PATCH',
        path,
        query: { fieldManager: manager, force: String(force) },
        body: { apiVersion, kind, ...object },
        contentType: 'application/apply-patch+yaml',
      },
      manager,
    ).body as Kinds[R];
  }

  /** Reads "namespace/name", lets `change` edit it, and writes it back. */
  update<R extends ResourceName>(
    resource: R,
    key: string,
    change: (object: Kinds[R]) => void,
    manager = 'kubectl-edit',
  ): Kinds[R] {
    const object = this.get(resource, key);
    if (object === undefined) throw new Error(`there is no ${resource} ${key} to update`);
    change(object);
    const path = pathOf(resources[resource], key);
    return this.#handle({ method: 'PUT', path, body: object }, manager).body as Kinds[R];
  }

  /** Null takes a label off. */
  label(
    resource: ResourceName,
    key: string,
    labels: Record<string, string | null>,
    manager = 'kubectl-label',
  ): void {
    this.#merge(resource, key, { metadata: { labels } }, manager);
  }

  /** Null takes an annotation off. */
  annotate(resource: ResourceName, key: string, annotations: Record<string, string | null>): void {
    this.#merge(resource, key, { metadata: { annotations } }, 'kubectl-annotate');
  }

  delete(resource: ResourceName, ...where: string[]): void {
    this.#handle({ method: 'DELETE', path: pathOf(resources[resource], where.join('/')) }, 'kubectl');
  }

  /** Older resourceVersions and pages are answered 410 from now on. */
  compact(): void {
    this.#storage.compact();
    this.#reads.forgetPages();
  }

  /** Ends every open watch, as the server does at its timeout; with an error, as a broken one. */
  endWatches(error?: Error): void {
    this.#reads.endWatches(error);
  }

  /** Sends the bookmark that a real server sends every minute. */
  bookmark(): void {
    this.#reads.bookmarkAll();
  }

  #merge(resource: ResourceName, key: string, body: object, manager: string): void {
    const path = pathOf(resources[resource], key);
    this.#handle({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' }, manager);
  }

  #handle(request: KubeRequest, user: string): KubeResponse<object> {
    const { status, body } = this.#answer(request, user);
    // What is stored is frozen, so it can be shared; a test may put something else in its place.
    return { status, body: { ...body } };
  }

  #answer(request: KubeRequest, user: string): KubeResponse<object> {
    const time = `${new Date(this.#now()).toISOString().slice(0, 19)}Z`;
    return handle(request, { reads: this.#reads, writes: this.#writes, user, time });
  }

  async #request(request: KubeRequest, user: string): Promise<KubeResponse<object>> {
    const { method, path, signal } = request;
    if (signal?.aborted) throw new TransportError(`could not ${method} ${path}: aborted`);
    this.requests.push({ method, path, user });
    await this.before?.(request, user);
    const response = this.#handle(request, user);
    await this.after?.(request, response, user);
    return response;
  }

  async *#watch(request: WatchRequest, user: string): AsyncGenerator<WatchEvent> {
    this.requests.push({ method: 'GET', path: request.path, user });
    await this.beforeWatch?.(request, user);
    yield* this.#reads.watch(request);
  }
}
