// Whether somebody wrote to what all objects share.

const SHARED = [Object, Array, Function, String, Map, Set, Promise].map(
  ({ prototype }) => prototype as object,
);

const membersOf = (prototype: object): (readonly [PropertyKey, unknown])[] =>
  Reflect.ownKeys(prototype).map(key => [key, Object.getOwnPropertyDescriptor(prototype, key)?.value]);

const before = SHARED.map(membersOf);

/** The members that are not as they were when the program started, as text; empty when all is well. */
export const changedPrototypes = (): string[] =>
  SHARED.flatMap((prototype, at) => {
    const earlier = new Map(before[at]);
    const now = new Map(membersOf(prototype));
    const keys = [...new Set([...earlier.keys(), ...now.keys()])];
    return keys
      .filter(key => earlier.has(key) !== now.has(key) || earlier.get(key) !== now.get(key))
      .map(String);
  });
