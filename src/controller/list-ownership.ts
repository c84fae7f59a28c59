// Whose the list imagePullSecrets of a ServiceAccount is. Our patch takes it from its owner, whose
// next server-side apply would then conflict with us: so it is handed back (docs/adr/0009).

import { FIELD_MANAGER, PULL_SECRETS_ANNOTATION } from '../api/names.ts';
import type { FieldOwner, Ownership } from '../core/records.ts';
import type { ManagedFieldsEntry, ObjectMeta } from '../kube/kube-client.ts';

const LIST = 'f:imagePullSecrets';
/** All that we own between two writes. */
const OUR_FIELDS = { 'f:metadata': { 'f:annotations': { [`f:${PULL_SECRETS_ANNOTATION}`]: {} } } };
/** Makes the API server forget all owners; an empty list would count as not given. */
const NOBODY: readonly ManagedFieldsEntry[] = [{}];

export const ownershipOf = (metadata: ObjectMeta): Ownership => ({
  owners: entriesOf(metadata)
    .filter(entry => !isOurs(entry) && ownsList(entry))
    .map(ownerOf),
  isInTheWay: isInTheWay(metadata),
});

/** managedFields as they are to be, with the list given to `owners` if we had taken it; undefined when all is well. */
export function handedBack(
  metadata: ObjectMeta,
  owners: readonly FieldOwner[],
): readonly ManagedFieldsEntry[] | undefined {
  if (!isInTheWay(metadata)) return undefined;
  const entries = entriesOf(metadata);
  const ours = entries.find(isOurs);
  const others = entries.filter(entry => entry !== ours);
  const theirs = ours !== undefined && ownsList(ours) ? owners.reduce(giveListTo(ours), others) : others;
  const isTracked = entries.length > 0;
  const isAnnotationOurs = isMarked(metadata) && (!isTracked || ownsAnnotation(ours));
  const result = isAnnotationOurs ? [...theirs, ourEntry(ours)] : theirs;
  return result.length > 0 ? result : NOBODY;
}

/**
 * We own more than our annotation. Or nobody owns anything while an entry of ours is in the list: the
 * first server-side apply would then conflict with whoever was "before-first-apply".
 */
function isInTheWay(metadata: ObjectMeta): boolean {
  const entries = entriesOf(metadata);
  if (entries.length === 0) return isMarked(metadata);
  const ours = entries.find(isOurs);
  if (ours === undefined) return false;
  return !isMarked(metadata) || JSON.stringify(ours.fieldsV1) !== JSON.stringify(OUR_FIELDS);
}

const entriesOf = ({ managedFields = [] }: ObjectMeta): ManagedFieldsEntry[] => managedFields;

const isMarked = ({ annotations }: ObjectMeta): boolean =>
  annotations?.[PULL_SECRETS_ANNOTATION] !== undefined;

const isOurs = ({ manager, operation }: ManagedFieldsEntry): boolean =>
  manager === FIELD_MANAGER && operation === 'Update';

const ownsList = ({ fieldsV1 }: ManagedFieldsEntry): boolean => fieldsV1?.[LIST] !== undefined;

function ownsAnnotation(entry: ManagedFieldsEntry | undefined): boolean {
  const metadata = entry?.fieldsV1?.['f:metadata'] as (typeof OUR_FIELDS)['f:metadata'] | undefined;
  return metadata?.['f:annotations']?.[`f:${PULL_SECRETS_ANNOTATION}`] !== undefined;
}

const ownerOf = ({
  manager = '',
  operation = '',
  apiVersion = '',
  subresource,
}: ManagedFieldsEntry): FieldOwner => ({
  manager,
  operation,
  apiVersion,
  subresource,
});

const ourEntry = (ours: ManagedFieldsEntry | undefined): ManagedFieldsEntry => ({
  manager: FIELD_MANAGER,
  operation: 'Update',
  apiVersion: 'v1',
  ...(ours?.time !== undefined && { time: ours.time }),
  fieldsType: 'FieldsV1',
  fieldsV1: OUR_FIELDS,
});

/** Where the list was all that the owner had, his entry is gone and is made anew. */
const giveListTo =
  ({ time }: ManagedFieldsEntry) =>
  (entries: readonly ManagedFieldsEntry[], owner: FieldOwner): ManagedFieldsEntry[] => {
    const at = entries.findIndex(entry => isSameOwner(ownerOf(entry), owner));
    const { subresource, ...rest } = owner;
    const entry = entries[at] ?? {
      ...rest,
      ...(subresource !== undefined && { subresource }),
      ...(time !== undefined && { time }),
      fieldsType: 'FieldsV1',
    };
    const withList = { ...entry, fieldsV1: { ...entry.fieldsV1, [LIST]: {} } };
    return at < 0 ? [...entries, withList] : entries.with(at, withList);
  };

const isSameOwner = (one: FieldOwner, other: FieldOwner): boolean =>
  one.manager === other.manager &&
  one.operation === other.operation &&
  one.apiVersion === other.apiVersion &&
  one.subresource === other.subresource;
