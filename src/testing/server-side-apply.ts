// Server-side apply: merge, conflicts, and the removal of what an author no longer
// applies. The operator's releases and hand-overs lean on each of the three.

import { ApiError } from '../kube/errors.ts';
import { copyOf } from './copy.ts';
import {
  both,
  difference,
  elementsOf,
  fieldPath,
  fieldsOf,
  hasFieldIn,
  inOrderOfTelling,
  isAtomic,
  mapsAround,
  minus,
  removeFields,
  showField,
} from './field-set.ts';
import {
  type Author,
  appliedFields,
  type Claim,
  claim,
  claimsBeforeApply,
  isBy,
  setClaims,
} from './ownership.ts';
import type { AnyObject } from './resources.ts';

/** Elements that were applied come in their order, the others stay where they are between them. */
function mergeLists(live: unknown[], applied: unknown[], nameOf: (element: unknown) => string): unknown[] {
  const names = applied.map(nameOf);
  const before = live.map(nameOf);
  const shared = names.filter(name => before.includes(name));
  const merged: unknown[] = [];
  for (let at = 0, next = 0; at < live.length || next < applied.length; ) {
    const name = before[at] ?? '';
    const isShared = at < live.length && names.includes(name);
    if (at < live.length && !isShared) merged.push(live[at++]);
    else if (isShared && (next >= applied.length || (shared.length > 0 && name !== shared[0]))) at++;
    else {
      if (isShared && name === names[next]) at++;
      if (names[next] === shared[0]) shared.shift();
      merged.push(applied[next++]);
    }
  }
  return merged;
}

function merge(live: unknown, applied: unknown, path: string): unknown {
  if (isAtomic(path)) return applied;
  if (Array.isArray(applied)) {
    const nameOf = elementsOf(path);
    if (nameOf === undefined) return applied;
    return mergeLists((live as unknown[] | undefined) ?? [], applied, nameOf);
  }
  if (typeof applied !== 'object' || applied === null) return applied;
  const base = typeof live === 'object' && live !== null ? live : {};
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(applied))
    merged[name] = merge(merged[name], value, fieldPath(path, name));
  return merged;
}

interface Overlap {
  readonly claim: Claim;
  readonly fields: readonly string[];
}

function describe(claim: Claim): string {
  const subresource = claim.subresource === '' ? '' : ` with subresource "${claim.subresource}"`;
  return `"${claim.manager}"${subresource}${claim.operation === 'Apply' ? '' : ` using ${claim.apiVersion}`}`;
}

function applyConflict(overlaps: readonly Overlap[]): ApiError {
  const count = overlaps.reduce((sum, overlap) => sum + overlap.fields.length, 0);
  const text = overlaps.map(({ claim, fields }) =>
    count === 1
      ? `conflict with ${describe(claim)}: ${showField(fields[0] ?? '')}`
      : [`conflicts with ${describe(claim)}:`, ...fields.map(field => `- ${showField(field)}`)].join('\n'),
  );
  return new ApiError(
    409,
    'Conflict',
    `Apply failed with ${count} conflict${count === 1 ? '' : 's'}: ${text.join('\n')}`,
    new Array<string>(count).fill('FieldManagerConflict'),
  );
}

/** The live object with the configuration applied; throws the conflict unless forced. */
export function applyTo(live: AnyObject, config: AnyObject, author: Author, force: boolean): AnyObject {
  const part = author.status ? 'status' : 'main';
  const claims = claimsBeforeApply(live, author);
  const wanted = appliedFields(config, author);
  const merged = copyOf(merge(live, config, '')) as AnyObject;

  const changed = difference(fieldsOf(live, part), fieldsOf(merged, part)).set;
  const others = claims.filter(candidate => !isBy(candidate, author));
  const overlaps = others
    .map(other => ({ claim: other, fields: [...both(other.fields, changed)].sort(inOrderOfTelling) }))
    .filter(overlap => overlap.fields.length > 0)
    .sort((a, b) => a.claim.manager.localeCompare(b.claim.manager));
  if (overlaps.length > 0 && !force) throw applyConflict(overlaps);

  const previous = claims.find(candidate => isBy(candidate, author));
  const held = [wanted, ...others.map(other => other.fields)];
  // A map that was applied empty is in use once somebody has a field in it.
  const isHeld = (field: string): boolean =>
    held.some(fields => fields.has(field) || hasFieldIn(fields, field));
  // One that nobody has a field in any more goes with all that is in it and is nobody's.
  const dropped = [...(previous?.fields ?? [])].flatMap(field => [field, ...mapsAround(field)]);
  removeFields(merged, new Set(dropped.filter(field => !isHeld(field))));
  const left = others.map(other => ({ ...other, fields: minus(other.fields, changed) }));
  const own = previous === undefined ? [] : [previous];
  setClaims(merged, claim([...left, ...own], author, config.apiVersion ?? '', wanted));
  return merged;
}

/** A new object from a configuration. */
export function applyNew(config: AnyObject, author: Author): AnyObject {
  const created = copyOf(config);
  setClaims(created, claim([], author, config.apiVersion ?? '', appliedFields(config, author)));
  return created;
}
