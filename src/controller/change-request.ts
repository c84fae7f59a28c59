// A change as the request that makes it. Preconditions ride along in each, so that
// what was decided on an older state of the object is refused and not carried out.

import {
  CREDENTIALS_ANNOTATION,
  DOCKER_CONFIG_KEY,
  DOCKER_CONFIG_TYPE,
  FIELD_MANAGER,
  HANDED_OVER_ANNOTATION,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  PULL_SECRETS_ANNOTATION,
} from '../api/names.ts';
import type {
  ApplySecret,
  Change,
  DeleteSecret,
  PatchServiceAccount,
  ReleaseSecret,
} from '../core/change.ts';
import type { KubeRequest, ManagedFieldsEntry } from '../kube/kube-client.ts';
import { secretPath, serviceAccountPath } from './paths.ts';

export function requestFor(change: Change): KubeRequest {
  switch (change.kind) {
    case 'PatchServiceAccount':
      return patchServiceAccount(change);
    case 'ApplySecret':
      return applySecret(change);
    case 'ReleaseSecret':
      return releaseSecret(change);
    case 'DeleteSecret':
      return deleteSecret(change);
  }
}

function patchServiceAccount(change: PatchServiceAccount): KubeRequest {
  const { namespace, name, resourceVersion, pullSecrets, ownPullSecrets } = change;
  return patchOf(serviceAccountPath(namespace, name), {
    metadata: {
      resourceVersion,
      annotations: { [PULL_SECRETS_ANNOTATION]: ownPullSecrets.join(',') || null },
    },
    imagePullSecrets: pullSecrets.length > 0 ? pullSecrets.map(entry => ({ name: entry })) : null,
  });
}

/**
 * The second half of a patch: it says whose the fields are. Not one with the first, for whatever a request
 * changes the API server counts as its own.
 */
export const handBackFields = (
  { namespace, name }: PatchServiceAccount,
  resourceVersion: string,
  managedFields: readonly ManagedFieldsEntry[],
): KubeRequest => ({
  ...patchOf(serviceAccountPath(namespace, name), { metadata: { resourceVersion, managedFields } }),
  goesFirst: true,
});

/** A patch of nothing is answered with the object, and nothing is written. */
export const lookAt = ({ namespace, name }: PatchServiceAccount): KubeRequest => ({
  ...patchOf(serviceAccountPath(namespace, name), {}),
  goesFirst: true,
});

const patchOf = (path: string, body: object): KubeRequest => ({
  method: 'PATCH',
  path,
  query: { fieldManager: FIELD_MANAGER },
  contentType: 'application/merge-patch+json',
  body,
});

function applySecret({ namespace, name, uid, merged, credentials, handedOver }: ApplySecret): KubeRequest {
  return {
    method: 'PATCH',
    path: secretPath(namespace, name),
    // Force only on what is ours: a Secret that we thought absent must answer with a conflict.
    query: { fieldManager: FIELD_MANAGER, force: String(uid !== undefined) },
    contentType: 'application/apply-patch+yaml',
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name,
        namespace,
        uid,
        labels: { [MANAGED_BY_LABEL]: MANAGED_BY },
        annotations: {
          [CREDENTIALS_ANNOTATION]: credentials.join(','),
          ...(handedOver && { [HANDED_OVER_ANNOTATION]: 'true' }),
        },
      },
      type: DOCKER_CONFIG_TYPE,
      data: { [DOCKER_CONFIG_KEY]: merged.base64 },
    },
  };
}

// A merge patch, for an apply with fewer fields would take the content away too.
function releaseSecret({ namespace, name, uid, resourceVersion }: ReleaseSecret): KubeRequest {
  return patchOf(secretPath(namespace, name), {
    metadata: {
      uid,
      resourceVersion,
      labels: { [MANAGED_BY_LABEL]: null },
      annotations: { [CREDENTIALS_ANNOTATION]: null, [HANDED_OVER_ANNOTATION]: null },
    },
  });
}

function deleteSecret({ namespace, name, uid, resourceVersion }: DeleteSecret): KubeRequest {
  return {
    method: 'DELETE',
    path: secretPath(namespace, name),
    body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid, resourceVersion } },
  };
}

/** Gives the fields of an apply back that turned out to have hit somebody else's Secret. */
export const giveBack = ({ namespace, name }: ApplySecret, uid: string): KubeRequest => ({
  method: 'PATCH',
  path: secretPath(namespace, name),
  query: { fieldManager: FIELD_MANAGER },
  contentType: 'application/apply-patch+yaml',
  body: { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, uid } },
});
