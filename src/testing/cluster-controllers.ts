// The part of kube-controller-manager that the operator meets: default ServiceAccounts,
// and the emptying of namespaces. Both happen at once, unless they are held back.

import { type AnyObject, collectionPath, keyOf, type ResourceName, resources } from './resources.ts';
import type { Change, Storage } from './storage.ts';

const NAMESPACED: readonly ResourceName[] = ['secrets', 'serviceaccounts'];

export class ClusterControllers {
  /** Whether every namespace gets a ServiceAccount "default". */
  defaultServiceAccounts = true;
  /** Terminating namespaces stay as they are until finishTermination(). */
  holdTermination = false;

  readonly #finishing = new Set<string>();
  readonly #storage: Storage;
  readonly #create: (path: string, object: object) => void;
  readonly #delete: (resource: ResourceName, key: string) => void;

  constructor(
    storage: Storage,
    create: (path: string, object: object) => void,
    deleteObject: (resource: ResourceName, key: string) => void,
  ) {
    this.#storage = storage;
    this.#create = create;
    this.#delete = deleteObject;
    storage.listen(change => this.#react(change));
  }

  /** Empties a namespace that terminates; it goes when nothing in it has a finalizer. */
  finishTermination(namespace: string): void {
    this.#finishing.add(namespace);
    for (const resource of NAMESPACED) {
      for (const object of this.#storage.list(resource, namespace)) {
        if (object.metadata.deletionTimestamp === undefined) {
          this.#delete(resource, keyOf(namespace, object.metadata.name));
        }
      }
    }
    this.#removeIfEmpty(namespace);
  }

  #react({ resource, event }: Change): void {
    const { name, namespace, deletionTimestamp } = event.object.metadata;
    if (resource === 'namespaces') {
      if (event.type === 'ADDED') this.#addDefaultServiceAccount(name);
      if (event.type === 'MODIFIED' && deletionTimestamp !== undefined && !this.holdTermination) {
        this.finishTermination(name);
      }
    } else if (event.type === 'DELETED' && namespace !== undefined) {
      if (this.#finishing.has(namespace)) this.#removeIfEmpty(namespace);
      else if (resource === 'serviceaccounts' && name === 'default')
        this.#addDefaultServiceAccount(namespace);
    }
  }

  #addDefaultServiceAccount(namespace: string): void {
    const found = this.#namespace(namespace);
    if (!this.defaultServiceAccounts || found === undefined) return;
    if (found.metadata.deletionTimestamp !== undefined) return;
    this.#create(collectionPath(resources.serviceaccounts, namespace), { metadata: { name: 'default' } });
  }

  #removeIfEmpty(namespace: string): void {
    const found = this.#namespace(namespace);
    if (found === undefined) return;
    if (NAMESPACED.some(resource => this.#storage.list(resource, namespace).length > 0)) return;
    this.#finishing.delete(namespace);
    this.#storage.remove('namespaces', found);
  }

  #namespace(name: string): AnyObject | undefined {
    return this.#storage.get('namespaces', name);
  }
}
