// Whom the policies of manifests/ bind, and by which names they know what is his.

import { ApiError } from '../../kube/errors.ts';
import type { Review } from '../admission.ts';

export interface BoundIdentity {
  /** Says whether a user is the operator; the simulator's replicas have a name each. */
  readonly isOperator: (user: string) => boolean;
  readonly operatorNamespace: string;
  /** As in secretNames of the policies. */
  readonly secretNames: readonly string[];
}

/** One of `validations`: true lets the request through. */
export interface Validation {
  readonly message: string;
  readonly holds: (review: Review) => boolean;
}

/** The first one that does not hold is the answer. */
export function refusalBy(
  policy: string,
  validations: readonly Validation[],
  review: Review,
): ApiError | undefined {
  const broken = validations.find(({ holds }) => !holds(review));
  if (broken === undefined) return undefined;
  const { name } = (review.object ?? review.oldObject)?.metadata ?? {};
  // Both of them have one binding, of the same name. Its causes have a message and no reason.
  return new ApiError(
    403,
    'Forbidden',
    `${review.resource.qualifiedName} "${name}" is forbidden: ValidatingAdmissionPolicy '${policy}' ` +
      `with binding '${policy}' denied request: ${broken.message}`,
  );
}
