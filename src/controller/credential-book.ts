// What is known about each RegistryCredential beyond its object: the material of
// its sources and how they fare. Views for planning are made from both.

import type { CredentialRecord } from '../core/credential-record.ts';
import { type Material, materialOf } from '../core/material.ts';
import type { CredentialView } from '../core/view.ts';
import { credentialViewOf } from './credential-view.ts';
import type { RegistryState } from './last-known-good.ts';

export interface CredentialEntry {
  /** Of the object that it was made for: a successor of the same name starts anew. */
  readonly uid: string;
  readonly generation: number;
  readonly registries: readonly RegistryState[];
  readonly material: Material;
  /** As of RegistryStates. */
  readonly handledRefresh: string | undefined;
  /** Its first logins are on their way: until they are there it gives nothing new. */
  readonly isAwaitingFirst: boolean;
}

export class CredentialBook {
  readonly #entries = new Map<string, CredentialEntry>();
  /** Name -> uid of those whose undo has begun. */
  readonly #undoing = new Map<string, string>();
  #views: readonly CredentialView[] | undefined;

  get({ name, uid }: CredentialRecord): CredentialEntry | undefined {
    const entry = this.#entries.get(name);
    return entry?.uid === uid ? entry : undefined;
  }

  set(
    record: CredentialRecord,
    { registries, ...others }: Omit<CredentialEntry, 'uid' | 'generation' | 'material'>,
  ): CredentialEntry {
    const material = materialOf(registries.map(registry => registry.material));
    const entry = { uid: record.uid, generation: record.generation, registries, material, ...others };
    this.#entries.set(record.name, entry);
    this.invalidate();
    return entry;
  }

  isUndoing({ name, uid }: CredentialRecord): boolean {
    return this.#undoing.get(name) === uid;
  }

  beginUndo({ name, uid }: CredentialRecord): void {
    this.#undoing.set(name, uid);
  }

  /** That its undo has begun is still known. */
  forgetLogins(name: string): void {
    this.#entries.delete(name);
    this.invalidate();
  }

  delete(name: string): void {
    this.forgetLogins(name);
    this.#undoing.delete(name);
  }

  /** To be called whenever a RegistryCredential changed: the views are made again when they are next asked for. */
  invalidate(): void {
    this.#views = undefined;
  }

  /** In the order of precedence; `isObeyed` leaves out those that must not be acted on. */
  views(
    records: Iterable<CredentialRecord>,
    isObeyed: (record: CredentialRecord) => boolean,
  ): readonly CredentialView[] {
    this.#views ??= [...records]
      .filter(isObeyed)
      .map(record => this.#viewOf(record))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return this.#views;
  }

  #viewOf(record: CredentialRecord): CredentialView {
    const { material, isAwaitingFirst = false } = this.get(record) ?? {};
    const view = credentialViewOf(record, material);
    return isAwaitingFirst && view.phase === 'active' ? { ...view, phase: 'suspended' } : view;
  }
}
