// The API server's refusals in its own words, so that code which reads code,
// reason, causes or message meets in tests what it meets in a cluster.

import { ApiError } from '../kube/errors.ts';
import type { AnyObject, Resource } from './resources.ts';

export const noSuchResource = (): ApiError =>
  new ApiError(404, 'NotFound', 'the server could not find the requested resource');

export const notFound = (resource: Resource, name: string): ApiError =>
  new ApiError(404, 'NotFound', `${resource.qualifiedName} "${name}" not found`);

export function alreadyExists(
  resource: Resource,
  { metadata: { name, deletionTimestamp } }: AnyObject,
): ApiError {
  const message = `${resource.qualifiedName} "${name}" already exists`;
  const isGoing = deletionTimestamp !== undefined;
  return new ApiError(409, 'AlreadyExists', isGoing ? `object is being deleted: ${message}` : message);
}

export const conflict = (resource: Resource, name: string, message: string): ApiError =>
  new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resource.qualifiedName} "${name}": ${message}`,
  );

export const modified = (resource: Resource, name: string): ApiError =>
  conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );

/** Of a PUT, which says where in etcd it looked; nothing has no uid. */
export const uidMismatch = (
  resource: Resource,
  namespace: string | undefined,
  name: string,
  wanted: string,
  found: string,
): ApiError => {
  const folder = resource.custom ? `${resource.group}/${resource.name}` : resource.name;
  const key = ['/registry', folder, namespace, name].filter(part => part !== undefined).join('/');
  return conflict(
    resource,
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ` +
      `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${found}`,
  );
};

/** Deletes name the kind where other conflicts name the resource. */
export const preconditionFailed = (
  resource: Resource,
  name: string,
  what: 'UID' | 'ResourceVersion',
  wanted: string,
  found: string,
): ApiError => {
  const guess = what === 'UID' ? 'been deleted and then recreated' : 'been modified';
  return new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resource.qualifiedKind} "${name}": the ${what} in the precondition (${wanted}) ` +
      `does not match the ${what} in record (${found}). The object might have ${guess}`,
  );
};

/** Something that a field may not be. */
export interface Problem {
  readonly field: string;
  readonly reason: 'FieldValueInvalid' | 'FieldValueRequired' | 'FieldValueForbidden' | 'FieldValueTooLong';
  readonly detail: string;
}

export function invalid(resource: Resource, name: string, problems: readonly Problem[]): ApiError {
  const texts = problems.map(({ field, detail }) => `${field}: ${detail}`);
  const text = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const reasons = problems.map(({ reason }) => reason);
  return new ApiError(422, 'Invalid', `${resource.qualifiedKind} "${name}" is invalid: ${text}`, reasons);
}

export const namespaceTerminating = (resource: Resource, name: string, namespace: string): ApiError =>
  new ApiError(
    403,
    'Forbidden',
    `${resource.qualifiedName} "${name}" is forbidden: unable to create new content in namespace ${namespace} ` +
      'because it is being terminated',
    ['NamespaceTerminating'],
  );

export const badRequest = (message: string): ApiError => new ApiError(400, 'BadRequest', message);

export const expired = (message: string): ApiError => new ApiError(410, 'Expired', message);

/** Of a watch; the real one has no better word for it either. */
export function unreadableVersion(version: string): ApiError {
  const text = JSON.stringify(version);
  const message = `resourceVersion: Invalid value: ${text}: strconv.ParseUint: parsing ${text}: invalid syntax`;
  return new ApiError(500, '', message);
}

/** What every failing JSON patch gets, whatever the cause. */
export const patchFailed = (): ApiError =>
  new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request');
