// managedFields as the API server keeps them: who set which field, by which kind
// of request. Decides what an apply may change and what it takes away.

import type { ManagedFieldsEntry } from '../kube/kube-client.ts';
import { isSame } from './copy.ts';
import {
  difference,
  type FieldSet,
  fieldPath,
  fieldsOf,
  fromFieldsV1,
  leavesOf,
  minus,
  toFieldsV1,
  union,
} from './field-set.ts';
import type { AnyObject } from './resources.ts';

/** Who writes, and how. */
export interface Author {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly status: boolean;
  /** RFC 3339. */
  readonly time: string;
}

/** One entry of managedFields with its fields as a set. */
export interface Claim {
  readonly manager: string;
  readonly operation: string;
  readonly subresource: string;
  readonly apiVersion: string;
  readonly time: string;
  readonly fields: FieldSet;
}

type StoredEntry = ManagedFieldsEntry & { time?: string; apiVersion?: string; fieldsType?: string };

const claimsOf = (object: AnyObject): Claim[] =>
  (object.metadata.managedFields ?? [])
    .filter(entry => entry.manager !== undefined)
    .map((entry: StoredEntry) => ({
      manager: entry.manager ?? '',
      operation: entry.operation ?? 'Update',
      subresource: entry.subresource ?? '',
      apiVersion: entry.apiVersion ?? '',
      time: entry.time ?? '',
      fields: fromFieldsV1(entry.fieldsV1 ?? {}),
    }));

const byAge = (a: Claim, b: Claim): number =>
  a.operation.localeCompare(b.operation) ||
  a.time.localeCompare(b.time) ||
  a.manager.localeCompare(b.manager) ||
  a.subresource.localeCompare(b.subresource);

/** Writes the claims into the object; empty ones go. */
export function setClaims(object: AnyObject, claims: readonly Claim[]): void {
  const entries = claims
    .filter(claim => claim.fields.size > 0)
    .sort(byAge)
    .map(({ subresource, fields, ...rest }) => ({
      ...rest,
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(fields),
      ...(subresource === '' ? {} : { subresource }),
    }));
  if (entries.length > 0) object.metadata.managedFields = entries;
  else delete object.metadata.managedFields;
}

export const isBy = (claim: Claim, author: Author): boolean =>
  claim.manager === author.manager &&
  claim.operation === author.operation &&
  claim.subresource === (author.status ? 'status' : '');

/** The author's new claim in place of the old one. */
export function claim(
  claims: readonly Claim[],
  author: Author,
  apiVersion: string,
  fields: FieldSet,
  time = author.time,
): Claim[] {
  const own = claims.find(candidate => isBy(candidate, author));
  const fresh: Claim = {
    manager: author.manager,
    operation: author.operation,
    subresource: author.status ? 'status' : '',
    apiVersion,
    time,
    fields,
  };
  return [...claims.filter(candidate => candidate !== own), fresh];
}

/** Whether nothing but times of claims differs: then nothing is written, and they stay as they were. */
export function isSameButTimes(live: AnyObject, next: AnyObject): boolean {
  const { managedFields: before = [], ...liveMetadata } = live.metadata;
  const { managedFields: after = [], ...nextMetadata } = next.metadata;
  const timeless = (entries: readonly ManagedFieldsEntry[]) =>
    Object.fromEntries(
      entries.map(({ time: _, ...entry }) => [
        `${entry.manager} ${entry.operation} ${entry.subresource}`,
        entry,
      ]),
    );
  return (
    isSame({ ...live, metadata: liveMetadata }, { ...next, metadata: nextMetadata }) &&
    isSame(timeless(before), timeless(after))
  );
}

/** What is there before anybody writes it: parts that are never left out, even empty. */
const SKELETONS: Readonly<Record<string, Partial<AnyObject>>> = {
  Lease: { spec: {} },
  Event: { deprecatedSource: {}, deprecatedFirstTimestamp: null, deprecatedLastTimestamp: null },
};

/** Whoever was "before-first-apply" owns these too, until somebody sends an object without them. */
const DELETION = ['deletionGracePeriodSeconds', 'deletionTimestamp'].map(name =>
  fieldPath('f:metadata', name),
);

/**
 * After anything but an apply: what changed is the author's, and nobody else's any more.
 * `sent`: the object before the server set what is not the author's to set.
 */
export function trackUpdate(
  before: AnyObject | undefined,
  after: AnyObject,
  author: Author,
  sent = after,
): void {
  const part = author.status ? 'status' : 'main';
  const claims = claimsOf(after);
  // An object that nobody is known to own a field of is not tracked until somebody applies.
  if (before !== undefined && claims.length === 0) {
    setClaims(after, []);
    return;
  }
  const { set, removed } = difference(
    fieldsOf(before ?? SKELETONS[after.kind ?? ''] ?? {}, part),
    fieldsOf(after, part),
  );
  if (sent.metadata.deletionTimestamp === undefined) for (const field of DELETION) removed.add(field);
  const own = claims.find(candidate => isBy(candidate, author));
  const others = claims
    .filter(candidate => !isBy(candidate, author))
    .map(other => ({ ...other, fields: minus(minus(other.fields, set), removed) }));
  const mine = minus(union(own?.fields ?? new Set(), set), removed);
  // What only took fields away leaves the time as it was.
  const time = set.size === 0 ? (own?.time ?? author.time) : author.time;
  setClaims(after, claim(others, author, after.apiVersion ?? '', mine, time));
}

/** Whoever wrote before the first apply is not known by name, but is not to be overrun either. */
export function claimsBeforeApply(live: AnyObject, author: Author): Claim[] {
  const claims = claimsOf(live);
  if (claims.length > 0) return claims;
  const fields = new Set(fieldsOf(live, author.status ? 'status' : 'main').keys());
  if (live.metadata.deletionTimestamp !== undefined) for (const field of DELETION) fields.add(field);
  const unknown = { manager: 'before-first-apply', operation: 'Update', subresource: '', time: author.time };
  return [{ ...unknown, apiVersion: live.apiVersion ?? '', fields }];
}

export const appliedFields = (config: Partial<AnyObject>, author: Author): Set<string> =>
  leavesOf(fieldsOf(config, author.status ? 'status' : 'main'));
