// The records of one kind, as the watch delivers them and as our own writes
// answer: whichever is newer counts, so a reconcile never acts on less than it wrote.

import type { ReflectorSink } from '../kube/reflector-sink.ts';

export interface StoredRecord {
  /** Absent for cluster-scoped kinds. */
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** Told of every record that the watch brought, changed or took; one of the two is defined. */
export type OnChange<R> = (before: R | undefined, after: R | undefined) => void;

export class RecordStore<R extends StoredRecord> implements ReflectorSink<R> {
  readonly #byNamespace = new Map<string, Map<string, R>>();
  readonly #onChange: OnChange<R>;
  /** The watch has delivered everything up to here. */
  #seen = 0;

  constructor(onChange: OnChange<R>) {
    this.#onChange = onChange;
  }

  get(namespace: string, name: string): R | undefined {
    return this.#byNamespace.get(namespace)?.get(name);
  }

  inNamespace(namespace: string): Iterable<R> {
    return this.#byNamespace.get(namespace)?.values() ?? [];
  }

  *all(): Generator<R> {
    for (const records of this.#byNamespace.values()) yield* records.values();
  }

  replace(records: readonly R[], resourceVersion: string): void {
    const version = Number(resourceVersion);
    // Going back means that etcd was restored: nothing that we hold is newer then. So does distrust().
    const wentBack = version < this.#seen;
    this.#seen = version;
    const changes: [before: R | undefined, after: R | undefined][] = [];
    for (const record of this.#notAmong(records)) {
      if (!wentBack && Number(record.resourceVersion) > version) continue;
      this.forget(record);
      changes.push([record, undefined]);
    }
    for (const record of records)
      if (wentBack || !this.#isNewer(record)) changes.push([this.#put(record), record]);
    // Only now, so that who is told looks at the whole new state and not at half of it.
    for (const [before, after] of changes) this.#onChange(before, after);
  }

  #notAmong(records: readonly R[]): R[] {
    // The first list is the longest, and there is nothing to compare it with.
    if (this.#byNamespace.size === 0) return [];
    const listed = new Set(records.map(({ uid }) => uid));
    return [...this.all()].filter(({ uid }) => !listed.has(uid));
  }

  /** Nothing that we hold counts against the next list, be its version larger or smaller. */
  distrust(): void {
    this.#seen = Infinity;
  }

  upsert(record: R): void {
    this.#seen = Math.max(this.#seen, Number(record.resourceVersion));
    if (!this.#isNewer(record)) this.#set(record);
  }

  remove(record: R): void {
    this.#seen = Math.max(this.#seen, Number(record.resourceVersion));
    const stored = this.#sameObject(record);
    if (stored !== undefined) this.#drop(stored);
  }

  bookmark(resourceVersion: string): void {
    this.#seen = Math.max(this.#seen, Number(resourceVersion));
  }

  /**
   * The answer to a write of ours; wakes nobody, for who wrote knows. What the
   * watch has gone past is not taken: the object may be gone by now.
   */
  observe(record: R): void {
    if (Number(record.resourceVersion) > this.#seen && !this.#isNewer(record)) this.#put(record);
  }

  /** What we found out about this very state of the object, and no watch tells; holds until it changes. */
  correct(record: R): void {
    const stored = this.#sameObject(record);
    if (stored?.resourceVersion === record.resourceVersion) this.#put(record);
  }

  /** We saw that it is gone; wakes nobody. A successor of the same name stays. */
  forget(record: StoredRecord): void {
    if (this.#sameObject(record) === undefined) return;
    const namespace = record.namespace ?? '';
    const records = this.#byNamespace.get(namespace);
    records?.delete(record.name);
    if (records?.size === 0) this.#byNamespace.delete(namespace);
  }

  #drop(record: R): void {
    this.forget(record);
    this.#onChange(record, undefined);
  }

  #sameObject({ namespace = '', name, uid }: StoredRecord): R | undefined {
    const stored = this.get(namespace, name);
    return stored?.uid === uid ? stored : undefined;
  }

  /** Whether what is stored is as new as `record`, or of a successor of its name, so that `record` tells nothing. */
  #isNewer(record: R): boolean {
    const stored = this.get(record.namespace ?? '', record.name);
    return stored !== undefined && Number(stored.resourceVersion) >= Number(record.resourceVersion);
  }

  #set(record: R): void {
    this.#onChange(this.#put(record), record);
  }

  /** Returns what stood there. */
  #put(record: R): R | undefined {
    const namespace = record.namespace ?? '';
    let records = this.#byNamespace.get(namespace);
    if (records === undefined) {
      records = new Map();
      this.#byNamespace.set(namespace, records);
    }
    const before = records.get(record.name);
    records.set(record.name, record);
    return before;
  }
}
