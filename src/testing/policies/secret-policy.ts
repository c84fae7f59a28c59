// manifests/secret-policy.yaml, clause by clause: it may not borrow from what it holds to account.

import type { ApiError } from '../../kube/errors.ts';
import type { Review } from '../admission.ts';
import { type BoundIdentity, refusalBy, type Validation } from './bound-identity.ts';

const VALIDATIONS: readonly Validation[] = [
  {
    message: 'the operator may write Secrets of type kubernetes.io/dockerconfigjson only',
    holds: ({ operation, object }) =>
      operation === 'DELETE' || object?.type === 'kubernetes.io/dockerconfigjson',
  },
  {
    message:
      'the operator may change or delete only a Secret that carries the label ' +
      'app.kubernetes.io/managed-by=regcred already; its owner hands it over by setting that label',
    holds: ({ operation, oldObject }) =>
      operation === 'CREATE' || oldObject?.metadata.labels?.['app.kubernetes.io/managed-by'] === 'regcred',
  },
];

export function reviewSecret(review: Review, { operatorNamespace }: BoundIdentity): ApiError | undefined {
  const { namespace } = (review.object ?? review.oldObject)?.metadata ?? {};
  if (namespace === operatorNamespace) return undefined;
  return refusalBy('regcred-secrets', VALIDATIONS, review);
}
