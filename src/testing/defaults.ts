// What the API server fills in and leaves out before it stores an object.

import { badRequest } from './answers.ts';
import { conform } from './openapi-schema.ts';
import type { AnyObject, Resource } from './resources.ts';

const isEmpty = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0);

function dropEmpty(object: Record<string, unknown>, keys: readonly string[]): void {
  for (const key of keys) if (isEmpty(object[key])) delete object[key];
}

function secretDefaults(secret: AnyObject): void {
  const plain = (secret.stringData ?? {}) as Record<string, string>;
  delete secret.stringData;
  const data: Record<string, string> = { ...(secret.data as object) };
  for (const [key, value] of Object.entries(plain)) data[key] = Buffer.from(value).toString('base64');
  for (const value of Object.values(data)) {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value) || value.length % 4 !== 0) {
      throw badRequest('Secret in version "v1" cannot be handled as a Secret: illegal base64 data');
    }
  }
  secret.data = data;
  secret.type ??= 'Opaque';
}

/** Changes the object in place. */
export function fillIn(resource: Resource, object: AnyObject): void {
  object.apiVersion = resource.apiVersion;
  object.kind = resource.kind;
  if (resource.name === 'secrets') secretDefaults(object);
  if (resource.custom) conform(object);
  if (resource.name === 'namespaces') {
    const { name, labels } = object.metadata;
    object.metadata.labels = { ...labels, 'kubernetes.io/metadata.name': name };
    object.spec ??= { finalizers: ['kubernetes'] };
    object.status ??= { phase: 'Active' };
  }
  if (resource.name === 'events') {
    object.deprecatedSource ??= {};
    object.deprecatedFirstTimestamp ??= null;
    object.deprecatedLastTimestamp ??= null;
  }
  dropEmpty(object.metadata as unknown as Record<string, unknown>, ['labels', 'annotations', 'finalizers']);
  if (!resource.custom) dropEmpty(object, ['data', 'imagePullSecrets', 'secrets']);
}
