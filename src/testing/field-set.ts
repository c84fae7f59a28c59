// Which fields an object has and who owns them: the arithmetic under managedFields.
// A field is its path ("f:data", "f:.dockerconfigjson") joined by line breaks.

import { isSame } from './copy.ts';
import type { AnyObject } from './resources.ts';

export type FieldSet = ReadonlySet<string>;

const SEPARATOR = '\n';
const OWNABLE_METADATA: ReadonlySet<string> = new Set([
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
]);

/** Maps that the schemas of RegistryCredential and Event declare atomic. */
const ATOMIC_MAPS: ReadonlySet<string> = new Set([
  'f:regarding',
  ['f:spec', 'f:namespaceSelector'].join(SEPARATOR),
  ['f:spec', 'f:serviceAccounts', 'f:selector'].join(SEPARATOR),
]);

export const isAtomic = (path: string): boolean => ATOMIC_MAPS.has(path);

/** Lists whose elements are owned one by one, and by what an element is known. */
const ELEMENTS: Readonly<Record<string, (element: unknown) => string>> = {
  [['f:metadata', 'f:finalizers'].join(SEPARATOR)]: element => `v:${JSON.stringify(element)}`,
  [['f:metadata', 'f:ownerReferences'].join(SEPARATOR)]: element =>
    `k:${JSON.stringify({ uid: (element as { uid: string }).uid })}`,
  'f:secrets': element => `k:${JSON.stringify({ name: (element as { name: string }).name })}`,
};

/** Undefined for a list that is owned as one. */
export const elementsOf = (path: string): ((element: unknown) => string) | undefined => ELEMENTS[path];

export const fieldPath = (parent: string, name: string): string =>
  parent === '' ? `f:${name}` : `${parent}${SEPARATOR}f:${name}`;

/** Stands for a map, whose fields are listed on their own. */
const MAP = Symbol('map');
/** The same for a list; an empty one is nobody's when it is applied, where an empty map is its author's. */
const LIST = Symbol('list');

type Fields = Map<string, unknown>;

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function collect(value: unknown, key: string, into: Fields): void {
  const nameOf = elementsOf(key);
  if (nameOf !== undefined && Array.isArray(value)) {
    into.set(key, LIST);
    for (const element of value) into.set(`${key}${SEPARATOR}${nameOf(element)}`, element);
  } else if (isMap(value) && !isAtomic(key)) {
    into.set(key, MAP);
    for (const [name, child] of Object.entries(value)) collect(child, fieldPath(key, name), into);
  } else {
    // Every other list that we use is atomic (status.conditions is not, but nobody applies it).
    into.set(key, value);
  }
}

/** All fields that somebody can own. `part` says which half of an object with /status is meant. */
export function fieldsOf(object: Partial<AnyObject>, part: 'main' | 'status'): Fields {
  const fields: Fields = new Map();
  for (const [name, value] of Object.entries(object)) {
    if (name === 'apiVersion' || name === 'kind') continue;
    if (name === 'spec' && object.kind === 'Namespace') continue;
    if (part === 'status' ? name !== 'status' : name === 'status') continue;
    if (name !== 'metadata') {
      collect(value, fieldPath('', name), fields);
      continue;
    }
    for (const [key, child] of Object.entries(value as object)) {
      if (OWNABLE_METADATA.has(key)) collect(child, fieldPath('f:metadata', key), fields);
    }
  }
  return fields;
}

/** Of an applied configuration the leaves only are owned, not the maps around them. */
export function leavesOf(fields: Fields): Set<string> {
  const parents = new Set<string>();
  for (const key of fields.keys()) {
    const end = key.lastIndexOf(SEPARATOR);
    if (end > 0) parents.add(key.slice(0, end));
  }
  const leaves = [...fields].filter(([key, value]) => !parents.has(key) && value !== LIST);
  return new Set(leaves.map(([key]) => key));
}

export const union = (a: FieldSet, b: FieldSet): Set<string> => new Set([...a, ...b]);
/** The same set where there is nothing to take away. */
export function minus(a: FieldSet, b: FieldSet): FieldSet {
  const left = [...a].filter(field => !b.has(field));
  return left.length === a.size ? a : new Set(left);
}
export const both = (a: FieldSet, b: FieldSet): Set<string> => new Set([...a].filter(field => b.has(field)));

export const hasFieldIn = (fields: FieldSet, map: string): boolean =>
  [...fields].some(field => field.startsWith(map + SEPARATOR));

/** The maps and lists that a field is in, but for the metadata, in which the name is everybody's. */
export function mapsAround(field: string): string[] {
  const path = field.split(SEPARATOR);
  const around = path.slice(1).map((_, index) => path.slice(0, index + 1).join(SEPARATOR));
  return around.filter(map => map !== 'f:metadata');
}

export interface Difference {
  /** Added or with another value. */
  readonly set: Set<string>;
  readonly removed: Set<string>;
}

export function difference(before: Fields, after: Fields): Difference {
  const set = [...after].filter(([key, value]) => !before.has(key) || !isSame(before.get(key), value));
  return {
    set: new Set(set.map(([key]) => key)),
    removed: new Set([...before.keys()].filter(key => !after.has(key))),
  };
}

type Tree = { [element: string]: Tree };

/** Most claims of an object stay as they are when it is written: each is read and written once. */
const treesOf = new WeakMap<FieldSet, object>();
const setsOf = new WeakMap<object, FieldSet>();

export function toFieldsV1(set: FieldSet): Record<string, unknown> {
  const known = treesOf.get(set);
  if (known !== undefined) return known as Record<string, unknown>;
  const tree: Tree = {};
  const nodes = [...set].sort().map(key => {
    let node = tree;
    for (const element of key.split(SEPARATOR)) {
      node[element] ??= {};
      node = node[element];
    }
    return node;
  });
  for (const node of nodes) if (Object.keys(node).length > 0) node['.'] = {};
  return tree;
}

export function fromFieldsV1(tree: Record<string, unknown>): FieldSet {
  const known = setsOf.get(tree);
  if (known !== undefined) return known;
  const set = fieldsIn(tree, '');
  // What is not stored yet can still change.
  if (!Object.isFrozen(tree)) return set;
  setsOf.set(tree, set);
  treesOf.set(set, tree);
  return set;
}

function fieldsIn(tree: object, prefix: string): Set<string> {
  const set = new Set<string>();
  for (const [element, child] of Object.entries(tree as Tree)) {
    if (element === '.') {
      set.add(prefix);
      continue;
    }
    const key = prefix === '' ? element : prefix + SEPARATOR + element;
    if (Object.keys(child).length === 0) set.add(key);
    for (const field of fieldsIn(child, key)) set.add(field);
  }
  return set;
}

/** The order in which the API server tells fields: those of a map before those of the maps in it. */
export function inOrderOfTelling(one: string, other: string): number {
  const [a, b] = [one.split(SEPARATOR), other.split(SEPARATOR)];
  const at = a.findIndex((element, index) => element !== b[index]);
  if (at < 0) return a.length - b.length;
  const [isLeaf, isOtherLeaf] = [at === a.length - 1, at >= b.length - 1];
  if (isLeaf !== isOtherLeaf) return isLeaf ? -1 : 1;
  return (a[at] ?? '') < (b[at] ?? '') ? -1 : 1;
}

/** As in conflict messages: .metadata.labels.tier */
export const showField = (key: string): string => key.split(SEPARATOR).map(showElement).join('');

function showElement(element: string): string {
  const text = element.slice(2);
  if (element.startsWith('f:')) return `.${text}`;
  if (element.startsWith('v:')) return `[=${text}]`;
  const [key = '', value] = Object.entries(JSON.parse(text) as object)[0] ?? [];
  return `[${key}=${JSON.stringify(value)}]`;
}

/** Takes fields out of an object; a map that is left empty stays. */
export function removeFields(object: AnyObject, keys: Iterable<string>): void {
  for (const key of keys) {
    const path = key.split(SEPARATOR);
    const last = path.pop() as string;
    let node: unknown = object;
    for (const element of path) node = (node as Record<string, unknown> | undefined)?.[element.slice(2)];
    const nameOf = elementsOf(path.join(SEPARATOR));
    if (Array.isArray(node)) {
      const at = node.findIndex(element => nameOf?.(element) === last);
      if (at >= 0) node.splice(at, 1);
    }
    if (isMap(node)) delete node[last.slice(2)];
  }
}
