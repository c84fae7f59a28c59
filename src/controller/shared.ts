// Thousands of records have parts that are alike: they share one. It is held weakly, so that what
// nobody has any more is not kept, however strange and large the lists of others were.

export class Shared<T extends object> {
  readonly #values = new Map<string, WeakRef<T>>();
  readonly #unused = new FinalizationRegistry<string>(key => {
    // A successor may have come meanwhile.
    if (this.#values.get(key)?.deref() === undefined) this.#values.delete(key);
  });

  /** What is there for the key, or else what `make` makes of it. */
  get(key: string, make: () => T): T {
    const known = this.#values.get(key)?.deref();
    if (known !== undefined) return known;
    const value = make();
    this.#values.set(key, new WeakRef(value));
    this.#unused.register(value, key);
    return value;
  }
}
