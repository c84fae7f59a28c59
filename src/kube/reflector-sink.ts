// Where a reflector puts what it sees. The world implements one per kind. What one of these throws is logged
// and the watch goes on; after a `replace` that threw, each of its records comes again as an `upsert`.

export interface ReflectorSink<R> {
  /** The whole state as of `resourceVersion`: whatever is not in it is gone. */
  replace(records: readonly R[], resourceVersion: string): void;
  /** An object was added or changed; `resourceVersion` is that of the object. */
  upsert(record: R): void;
  /** An object is gone; `record` is its last state with the resourceVersion of the deletion. */
  remove(record: R): void;
  /** Everything up to `resourceVersion` has been delivered. */
  bookmark(resourceVersion: string): void;
}
