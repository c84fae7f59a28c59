// The policies of manifests/ as one admission for the in-memory API server:
// `server.admission = policiesFor({ … })`. e2e/api/fake-agrees.e2e.ts holds them to the CEL.

import type { Admission } from '../admission.ts';
import type { BoundIdentity } from './bound-identity.ts';
import { giveReferences, type ReferencesOptions } from './references-policy.ts';
import { reviewSecret } from './secret-policy.ts';
import { serviceAccountPolicy } from './service-account-policy.ts';

/** The user name of the operator as manifests/ install it. */
export const OPERATOR_USER = 'system:serviceaccount:regcred-system:regcred';

export interface Installed {
  /** secret-policy.yaml */
  readonly secrets: boolean;
  /** service-account-policy.yaml */
  readonly serviceAccounts: boolean;
  /** components/admission */
  readonly references: boolean;
}

/** As `kubectl apply -k manifests`: without the component. */
const DEFAULT: Installed = { secrets: true, serviceAccounts: true, references: false };

export const installedIdentity: BoundIdentity = {
  isOperator: user => user === OPERATOR_USER,
  operatorNamespace: 'regcred-system',
  secretNames: ['regcred'],
};

export function policiesFor(
  options: ReferencesOptions = installedIdentity,
  installed: Partial<Installed> = {},
): Admission {
  const { secrets, serviceAccounts, references } = { ...DEFAULT, ...installed };
  const reviewServiceAccount = serviceAccountPolicy(options);
  return {
    mutate(review, cluster) {
      if (references && review.resource.name === 'serviceaccounts') giveReferences(review, cluster, options);
    },
    validate(review) {
      if (!options.isOperator(review.user)) return undefined;
      if (secrets && review.resource.name === 'secrets') return reviewSecret(review, options);
      if (serviceAccounts && review.resource.name === 'serviceaccounts') return reviewServiceAccount(review);
      return undefined;
    },
  };
}
