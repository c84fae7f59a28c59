// What the cluster held, change by change. Kept as changes, and turned back into states only
// when a rule asks whether something was wanted all the while.

import type { KubeObject } from '../../kube/kube-client.ts';
import { OPERATOR_NAMESPACE } from '../builders.ts';
import { type Kinds, keyOf, type ResourceName } from '../resources.ts';
import type { Change } from '../storage.ts';
import type { Snapshot } from './oracle/desired.ts';
import { answerTopic, type Shown, topicsOf } from './views.ts';

export interface Recorded {
  readonly at: number;
  readonly resource: ResourceName;
  readonly key: string;
  readonly resourceVersion: number;
  readonly before: KubeObject | undefined;
  /** Undefined: it was deleted. */
  readonly after: KubeObject | undefined;
}

/** A state of the cluster, with what the source Secrets had held before it. */
export interface Moment {
  readonly snapshot: Snapshot;
  readonly past: (source: string) => readonly Kinds['secrets'][];
}

type Objects = Map<ResourceName, Map<string, KubeObject>>;

/** Those that a state is made of. */
const KINDS = ['registrycredentials', 'namespaces', 'serviceaccounts', 'secrets'] as const;

export class History {
  readonly #objects: Objects = new Map();
  readonly #changes: Recorded[] = [];
  readonly #sources = new Map<string, Recorded[]>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get changes(): readonly Recorded[] {
    return this.#changes;
  }

  add({ resource, resourceVersion, event }: Change): Recorded {
    const { namespace, name } = event.object.metadata;
    const key = keyOf(namespace, name);
    const all = this.#objects.get(resource) ?? new Map<string, KubeObject>();
    this.#objects.set(resource, all);
    const before = all.get(key);
    const after = event.type === 'DELETED' ? undefined : event.object;
    if (after === undefined) all.delete(key);
    else all.set(key, after);
    const recorded = { at: this.#now(), resource, key, resourceVersion, before, after };
    this.#changes.push(recorded);
    if (resource === 'secrets' && namespace === OPERATOR_NAMESPACE) this.#addSource(name, recorded);
    return recorded;
  }

  get<R extends ResourceName>(resource: R, key: string): Kinds[R] | undefined {
    return this.#objects.get(resource)?.get(key) as Kinds[R] | undefined;
  }

  all<R extends ResourceName>(resource: R): Kinds[R][] {
    return [...(this.#objects.get(resource)?.values() ?? [])] as unknown as Kinds[R][];
  }

  now(): Moment {
    return this.#moment(this.#objects, Number.POSITIVE_INFINITY);
  }

  /** The states from the one at a moment up to now, the latest first; with the last change left out, if asked. */
  *since(moment: number, withLast = true): Generator<Moment> {
    const objects = this.#copy();
    for (let index = this.#changes.length - 1; ; index--) {
      const change = this.#changes[index];
      if (withLast || index < this.#changes.length - 1)
        yield this.#moment(objects, change?.resourceVersion ?? 0);
      if (change === undefined || change.at < moment) return;
      undo(objects, change);
    }
  }

  /** Each topic as of another resourceVersion. */
  asShown(shown: Shown): Moment {
    const objects = this.#copy();
    for (let index = this.#changes.length - 1; index >= 0; index--) {
      const change = this.#changes[index] as Recorded;
      const [topic = ''] = topicsOf(change.resource, (change.after ?? change.before) as KubeObject);
      const answered = shown.get(answerTopic(change.resource, change.key)) ?? 0;
      const seen = Math.max(shown.get(topic) ?? Number.POSITIVE_INFINITY, answered);
      if (change.resourceVersion > seen) undo(objects, change);
    }
    return this.#moment(objects, shown.get('sources') ?? Number.POSITIVE_INFINITY);
  }

  #copy(): Objects {
    return new Map([...this.#objects].map(([kind, all]) => [kind, new Map(all)]));
  }

  #moment(objects: Objects, resourceVersion: number): Moment {
    const list = <R extends (typeof KINDS)[number]>(kind: R): Kinds[R][] =>
      [...(objects.get(kind) ?? [])]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, one]) => one) as unknown as Kinds[R][];
    return {
      snapshot: {
        credentials: list('registrycredentials'),
        namespaces: list('namespaces'),
        serviceAccounts: list('serviceaccounts'),
        secrets: list('secrets'),
      },
      past: source => this.#past(source, resourceVersion),
    };
  }

  #past(source: string, resourceVersion: number): Kinds['secrets'][] {
    return (this.#sources.get(source) ?? [])
      .filter(change => change.resourceVersion <= resourceVersion && change.before !== undefined)
      .map(change => change.before as Kinds['secrets']);
  }

  #addSource(name: string, recorded: Recorded): void {
    const all = this.#sources.get(name) ?? [];
    all.push(recorded);
    this.#sources.set(name, all);
  }
}

function undo(objects: Objects, { resource, key, before }: Recorded): void {
  const all = objects.get(resource);
  if (before === undefined) all?.delete(key);
  else all?.set(key, before);
}
