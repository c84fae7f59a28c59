// From an HTTP request to the verb it means: path, method, content type, body.

import { ApiError } from '../kube/errors.ts';
import type { KubeRequest, KubeResponse } from '../kube/kube-client.ts';
import { badRequest, noSuchResource, notFound, uidMismatch } from './answers.ts';
import { copyOf } from './copy.ts';
import type { Author } from './ownership.ts';
import { type JsonPatchOperation, jsonPatch, mergePatch } from './patches.ts';
import type { Reads } from './reads.ts';
import { type AnyObject, parsePath, type Target } from './resources.ts';
import type { Preconditions, Write, Writes, Written } from './writes.ts';

export interface Context {
  readonly reads: Reads;
  readonly writes: Writes;
  readonly user: string;
  /** RFC 3339, whole seconds. */
  readonly time: string;
}

const bodyOf = (request: KubeRequest): unknown =>
  typeof request.body === 'string' ? JSON.parse(request.body) : copyOf(request.body);

export function handle(request: KubeRequest, context: Context): KubeResponse<object> {
  const target = parsePath(request.path);
  const { name } = target;
  if (name === undefined) return handleCollection(request, target, context);
  const write = writeOf(request, { ...target, name }, context);
  const live = context.writes.live(write);
  if (request.method === 'PATCH') return handlePatch(request, write, live, context);
  if (request.method === 'PUT') return replace(write, live, objectOf(request, write.target), context);
  if (live === undefined) throw notFound(target.resource, name);
  switch (request.method) {
    case 'GET':
      return { status: 200, body: live };
    case 'DELETE': {
      const { preconditions = {} } = (bodyOf(request) ?? {}) as { preconditions?: Preconditions };
      return { status: 200, body: context.writes.delete(write, preconditions) };
    }
    default:
      throw new ApiError(
        405,
        'MethodNotAllowed',
        'the server does not allow this method on the requested resource',
      );
  }
}

function handleCollection(request: KubeRequest, target: Target, context: Context): KubeResponse<object> {
  if (request.method === 'GET') return { status: 200, body: context.reads.list(target, request.query ?? {}) };
  if (request.method !== 'POST' || (target.resource.namespaced && target.namespace === undefined)) {
    throw noSuchResource();
  }
  const body = bodyOf(request) as AnyObject;
  const name = body.metadata?.name;
  if (name === undefined) throw badRequest('the in-memory API server needs metadata.name');
  const write = writeOf(request, { ...target, name }, context);
  if (body.metadata.resourceVersion !== undefined) {
    throw new ApiError(500, '', 'resourceVersion should not be set on objects to be created');
  }
  return context.writes.create(write, objectOf(request, write.target));
}

function handlePatch(
  request: KubeRequest,
  write: Write,
  live: AnyObject | undefined,
  { writes }: Context,
): KubeResponse<object> {
  const { target } = write;
  if (request.contentType === 'application/apply-patch+yaml') {
    const config = objectOf(request, target);
    const { apiVersion, kind } = config;
    if (apiVersion === undefined || kind === undefined) {
      throw badRequest(`invalid object type: /${apiVersion ?? ''}, Kind=${kind ?? ''}`);
    }
    if (request.query?.fieldManager === undefined) {
      const message =
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch';
      throw new ApiError(422, 'Invalid', message, ['FieldValueRequired']);
    }
    return writes.apply(write, config, request.query.force === 'true');
  }
  if (live === undefined) throw notFound(target.resource, target.name);
  const patch = bodyOf(request);
  if (request.contentType === 'application/merge-patch+json') {
    return writes.update(write, live, mergePatch(live, patch) as AnyObject);
  }
  if (request.contentType === 'application/json-patch+json') {
    return writes.update(write, live, jsonPatch(live, patch as JsonPatchOperation[]) as AnyObject);
  }
  throw new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format: ${request.contentType}`,
  );
}

/** For a PUT another uid is a conflict where for a PATCH it is an invalid value. */
function replace(write: Write, live: AnyObject | undefined, wanted: AnyObject, { writes }: Context): Written {
  const { resource, namespace, name } = write.target;
  if (live === undefined && !resource.createdByPut) throw notFound(resource, name);
  const { uid } = wanted.metadata;
  const found = live?.metadata.uid ?? '';
  if (uid !== undefined && uid !== found) throw uidMismatch(resource, namespace, name, uid, found);
  return live === undefined ? writes.create(write, wanted) : writes.update(write, live, wanted);
}

/** The body as an object whose name and namespace agree with the path. */
function objectOf(request: KubeRequest, { name, namespace }: Write['target']): AnyObject {
  const object = bodyOf(request) as AnyObject;
  object.metadata ??= {} as AnyObject['metadata'];
  if ((object.metadata.name ?? name) !== name) {
    throw badRequest(
      `the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  if (namespace !== undefined && (object.metadata.namespace ?? namespace) !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  return object;
}

function writeOf(request: KubeRequest, target: Write['target'], { user, time }: Context): Write {
  const apply = request.contentType === 'application/apply-patch+yaml' && request.method === 'PATCH';
  const author: Author = {
    manager: request.query?.fieldManager ?? user,
    operation: apply ? 'Apply' : 'Update',
    status: target.status,
    time,
  };
  return { target, author, user };
}
