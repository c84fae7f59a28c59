// manifests/secret-policy.yaml, clause by clause: it may not borrow from what it holds to account.

import type { ApiError } from '../../kube/errors.ts';
import type { Review } from '../admission.ts';
import type { AnyObject } from '../resources.ts';
import { type BoundIdentity, refusalBy, type Validation } from './bound-identity.ts';

const isKept = (object: AnyObject | undefined): boolean =>
  object !== undefined &&
  (object as { type?: string }).type === 'regcred.dev/kept-logins' &&
  object.metadata.name.startsWith('regcred-kept-') &&
  Object.hasOwn(object.metadata.labels ?? {}, 'regcred.dev/internal');

const isDockerConfig = (object: AnyObject | undefined): boolean =>
  (object as { type?: string } | undefined)?.type === 'kubernetes.io/dockerconfigjson';

const validationsFor = (atHome: boolean): readonly Validation[] => [
  {
    message: 'the operator may write Secrets of type kubernetes.io/dockerconfigjson only',
    holds: ({ operation, object }) => atHome || operation === 'DELETE' || isDockerConfig(object),
  },
  {
    message:
      'in its own namespace the operator may make only Secrets named regcred-kept-…, of type ' +
      'regcred.dev/kept-logins and with the label regcred.dev/internal',
    holds: ({ operation, object }) =>
      !atHome ||
      operation === 'DELETE' ||
      isKept(object) ||
      (operation === 'UPDATE' && isDockerConfig(object)),
  },
  {
    message:
      'the operator may change or delete only a Secret that carries the label ' +
      'app.kubernetes.io/managed-by=regcred already; its owner hands it over by setting that label',
    holds: ({ operation, oldObject }) =>
      operation === 'CREATE' ||
      (atHome && isKept(oldObject)) ||
      oldObject?.metadata.labels?.['app.kubernetes.io/managed-by'] === 'regcred',
  },
];

const VALIDATIONS = { home: validationsFor(true), elsewhere: validationsFor(false) };

export function reviewSecret(review: Review, { operatorNamespace }: BoundIdentity): ApiError | undefined {
  const { namespace } = (review.object ?? review.oldObject)?.metadata ?? {};
  const where = namespace === operatorNamespace ? 'home' : 'elsewhere';
  return refusalBy('regcred-secrets', VALIDATIONS[where], review);
}
