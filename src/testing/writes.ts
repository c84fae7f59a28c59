// Create, update, apply and delete: the order of checks of the real API server, with
// admission last, and no write at all when nothing would change.

import type { ApiError } from '../kube/errors.ts';
import type { ManagedFieldsEntry } from '../kube/kube-client.ts';
import type { Review } from './admission.ts';
import {
  alreadyExists,
  conflict,
  modified,
  namespaceTerminating,
  notFound,
  preconditionFailed,
} from './answers.ts';
import { copyOf, isSame } from './copy.ts';
import { fillIn } from './defaults.ts';
import { type Author, isSameButTimes, trackUpdate } from './ownership.ts';
import { type AnyObject, keyOf, type Resource, resources, type Target } from './resources.ts';
import { applyNew, applyTo } from './server-side-apply.ts';
import type { Storage } from './storage.ts';
import { validate } from './validation.ts';

export interface Written {
  readonly status: 200 | 201;
  readonly body: object;
}

export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** A request that has found its object. */
export interface Write {
  readonly target: Target & { readonly name: string };
  readonly author: Author;
  readonly user: string;
}

export interface AdmissionHooks {
  readonly mutate: (review: Review) => void;
  readonly validate: (review: Review) => ApiError | undefined;
}

export class Writes {
  readonly #storage: Storage;
  readonly #hooks: AdmissionHooks;

  constructor(storage: Storage, hooks: AdmissionHooks) {
    this.#storage = storage;
    this.#hooks = hooks;
  }

  live({ target }: Write): AnyObject | undefined {
    return this.#storage.get(target.resource.name, keyOf(target.namespace, target.name));
  }

  create(write: Write, body: AnyObject): Written {
    const created = copyOf(body);
    this.#checkNamespace(write);
    delete created.metadata.managedFields;
    this.#initialise(write, created);
    trackUpdate(undefined, created, write.author);
    return this.#store(write, created);
  }

  apply(write: Write, config: AnyObject, force: boolean): Written {
    const { resource, name, status } = write.target;
    const live = this.live(write);
    if (live !== undefined)
      return this.#update(write, live, applyTo(live, config, write.author, force), true);
    if (status) throw notFound(resource, name);
    this.#checkNamespace(write);
    if (config.metadata.uid !== undefined) {
      const message = `uid mismatch: the provided object specified uid ${config.metadata.uid}, and no existing object was found`;
      throw conflict(resource, name, message);
    }
    const created = applyNew(config, write.author);
    this.#initialise(write, created);
    return this.#store(write, created);
  }

  /** PUT, and what a merge or JSON patch made of the live object. */
  update(write: Write, live: AnyObject, wanted: AnyObject): Written {
    return this.#update(write, live, wanted, false);
  }

  delete(write: Write, preconditions: Preconditions): object {
    const { resource, name } = write.target;
    const live = this.live(write);
    if (live === undefined) throw notFound(resource, name);
    const { uid, resourceVersion } = live.metadata;
    const expected = preconditions;
    if (expected.uid !== undefined && expected.uid !== uid) {
      throw preconditionFailed(resource, name, 'UID', expected.uid, uid);
    }
    if (expected.resourceVersion !== undefined && expected.resourceVersion !== resourceVersion) {
      throw preconditionFailed(resource, name, 'ResourceVersion', expected.resourceVersion, resourceVersion);
    }
    this.#review(write, 'DELETE', undefined, live);
    if (live.metadata.deletionTimestamp !== undefined) return live;
    if (resource.name === 'namespaces' || live.metadata.finalizers !== undefined)
      return this.#mark(write, live);
    const last = this.#storage.remove(resource.name, live);
    if (resource.deleteReturnsObject) return last;
    const { group, name: kind } = resource;
    const details = { name, ...(group === '' ? {} : { group }), kind, uid };
    return { apiVersion: 'v1', kind: 'Status', metadata: {}, status: 'Success', details };
  }

  #mark(write: Write, live: AnyObject): AnyObject {
    const marked = copyOf(live);
    marked.metadata.deletionTimestamp = write.author.time;
    if (marked.metadata.generation !== undefined) marked.metadata.generation++;
    if (write.target.resource.name === 'namespaces') marked.status = { phase: 'Terminating' };
    return this.#storage.put(write.target.resource.name, marked);
  }

  #initialise({ target, author }: Write, object: AnyObject): void {
    object.metadata = {
      ...object.metadata,
      name: target.name,
      ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
      uid: this.#storage.newUid(),
      creationTimestamp: author.time,
      ...(target.resource.custom ? { generation: 1 } : {}),
    };
    delete object.metadata.deletionTimestamp;
    if (target.resource.custom) delete object.status;
    fillIn(target.resource, object);
  }

  #store(write: Write, created: AnyObject): Written {
    this.#hooks.mutate(reviewOf(write, 'CREATE', created, undefined));
    validate(write.target.resource, undefined, created);
    this.#review(write, 'CREATE', created, undefined);
    // Only the storage notices: what is wrong with the object is told before.
    const live = this.live(write);
    if (live !== undefined) throw alreadyExists(write.target.resource, live);
    return { status: 201, body: this.#storage.put(write.target.resource.name, created) };
  }

  #update(write: Write, live: AnyObject, wanted: AnyObject, applied: boolean): Written {
    const { resource, status } = write.target;
    this.#checkVersion(write, live, wanted);
    // Who does not speak of owners leaves them; an apply always does.
    const managedFields =
      wanted.metadata.managedFields ?? (applied ? undefined : live.metadata.managedFields);
    const next = merged(resource, status, live, wanted, managedFields);
    fillIn(resource, next);
    if (!applied) trackUpdate(live, next, write.author, wanted);
    this.#hooks.mutate(reviewOf(write, 'UPDATE', next, live));
    if (resource.custom && !isSame(live.spec, next.spec)) {
      next.metadata.generation = (live.metadata.generation ?? 0) + 1;
    }
    // A status is written whatever uid it names.
    validate(resource, live, next, status ? undefined : wanted.metadata.uid);
    this.#review(write, 'UPDATE', next, live);
    if (isSameButTimes(live, next)) return { status: 200, body: live };
    const going = next.metadata.deletionTimestamp !== undefined && next.metadata.finalizers === undefined;
    if (going && resource.name !== 'namespaces') {
      this.#storage.remove(resource.name, next);
      return { status: 200, body: next };
    }
    return { status: 200, body: this.#storage.put(resource.name, next) };
  }

  #checkVersion({ target: { resource, name } }: Write, live: AnyObject, wanted: AnyObject): void {
    const { resourceVersion } = wanted.metadata;
    if (resourceVersion !== undefined && resourceVersion !== live.metadata.resourceVersion) {
      throw modified(resource, name);
    }
  }

  #checkNamespace({ target: { resource, namespace, name } }: Write): void {
    if (namespace === undefined) return;
    const found = this.#storage.get('namespaces', namespace);
    if (found === undefined) throw notFound(resources.namespaces, namespace);
    if (found.metadata.deletionTimestamp !== undefined) throw namespaceTerminating(resource, name, namespace);
  }

  #review(
    write: Write,
    operation: Review['operation'],
    object: AnyObject | undefined,
    oldObject: AnyObject | undefined,
  ): void {
    const refusal = this.#hooks.validate(reviewOf(write, operation, object, oldObject));
    if (refusal !== undefined) throw refusal;
  }
}

const reviewOf = (
  { target: { resource, status }, user }: Write,
  operation: Review['operation'],
  object: AnyObject | undefined,
  oldObject: AnyObject | undefined,
): Review => ({ operation, resource, object, oldObject, user, status });

/** What the request may change, over what it may not. */
function merged(
  resource: Resource,
  status: boolean,
  live: AnyObject,
  wanted: AnyObject,
  managedFields: ManagedFieldsEntry[] | undefined,
): AnyObject {
  const { labels, annotations, finalizers } = wanted.metadata;
  const { ownerReferences } = wanted.metadata as { ownerReferences?: object[] };
  const own = status
    ? { managedFields }
    : { labels, annotations, finalizers, ownerReferences, managedFields };
  const metadata: Record<string, unknown> = { ...live.metadata, ...own };
  for (const [key, value] of Object.entries(metadata)) if (value === undefined) delete metadata[key];
  const content: AnyObject = status ? { ...live, status: wanted.status } : { ...wanted };
  if (!status && (resource.custom || resource.name === 'namespaces')) content.status = live.status;
  if (content.status === undefined) delete content.status;
  delete metadata.managedFields;
  const next = copyOf({ ...content, metadata: metadata as unknown as AnyObject['metadata'] });
  // Shared, not copied: claims are made anew and never changed.
  if (managedFields !== undefined) next.metadata.managedFields = managedFields;
  return next;
}
