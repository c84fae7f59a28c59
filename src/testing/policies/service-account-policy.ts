// manifests/service-account-policy.yaml, clause by clause: it may not borrow from what it
// holds to account.

import type { ApiError } from '../../kube/errors.ts';
import type { Review } from '../admission.ts';
import { isSame } from '../copy.ts';
import type { AnyObject, ServiceAccountObject } from '../resources.ts';
import { type BoundIdentity, refusalBy, type Validation } from './bound-identity.ts';

type Fields = Readonly<Record<string, unknown>>;

const FREE_FIELDS = ['metadata', 'imagePullSecrets'];
const FREE_METADATA = ['annotations', 'managedFields', 'resourceVersion', 'generation'];
const FREE_ANNOTATIONS = ['regcred.dev/image-pull-secrets'];

/** No key but the free ones came, went or has another value. */
const isUntouched = (before: Fields, after: Fields, free: readonly string[]): boolean =>
  Object.keys(before).every(key => free.includes(key) || Object.hasOwn(after, key)) &&
  Object.keys(after).every(
    key => free.includes(key) || (Object.hasOwn(before, key) && isSame(before[key], after[key])),
  );

const metadataOf = (object: AnyObject | undefined): Fields => ({ ...object?.metadata });
const annotationsOf = (object: AnyObject | undefined): Fields => object?.metadata.annotations ?? {};

const validationsFor = (secretNames: readonly string[]): readonly Validation[] => {
  const foreign = (object: AnyObject | undefined) =>
    ((object as ServiceAccountObject | undefined)?.imagePullSecrets ?? []).filter(
      ({ name = '' }) => !secretNames.includes(name),
    );
  // All but the first say true where there is nothing to compare, of a CREATE and of a DELETE.
  const onUpdate =
    (holds: Validation['holds']): Validation['holds'] =>
    review =>
      review.operation !== 'UPDATE' || holds(review);
  return [
    {
      message: 'the operator may neither create nor delete a ServiceAccount',
      holds: ({ operation }) => operation === 'UPDATE',
    },
    {
      message:
        'the operator may add and remove only entries of imagePullSecrets under its own Secret names; ' +
        'every other entry stays as it is',
      holds: onUpdate(({ oldObject, object }) => isSame(foreign(oldObject), foreign(object))),
    },
    {
      message: 'the operator may set no annotation of a ServiceAccount but regcred.dev/image-pull-secrets',
      holds: onUpdate(({ oldObject, object }) =>
        isUntouched(annotationsOf(oldObject), annotationsOf(object), FREE_ANNOTATIONS),
      ),
    },
    {
      message:
        'the operator may change no label, finalizer, owner reference or other metadata of a ServiceAccount',
      holds: onUpdate(({ oldObject, object }) =>
        isUntouched(metadataOf(oldObject), metadataOf(object), FREE_METADATA),
      ),
    },
    {
      message: 'the operator may change no field of a ServiceAccount but imagePullSecrets',
      holds: onUpdate(({ oldObject, object }) => isUntouched(oldObject ?? {}, object ?? {}, FREE_FIELDS)),
    },
  ];
};

/** Cheap to call; the clauses are made once. */
export function serviceAccountPolicy({ secretNames }: BoundIdentity) {
  const validations = validationsFor(secretNames);
  return (review: Review): ApiError | undefined => refusalBy('regcred-service-accounts', validations, review);
}
