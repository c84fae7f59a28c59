// The RegistryCredential as it comes from the API server: defaults filled in, schema obeyed.
// The types follow from the schema, so the two cannot drift apart.

import type { Condition } from './conditions.ts';
import type { FromSchema } from './schema.ts';
import type { specSchema } from './spec-schema.ts';
import type { statusSchema } from './status-schema.ts';

export interface RegistryCredential {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    uid: string;
    resourceVersion: string;
    generation: number;
    deletionTimestamp?: string;
    finalizers?: string[];
  };
  spec: RegistryCredentialSpec;
  status?: RegistryCredentialStatus;
}

export type RegistryCredentialSpec = FromSchema<typeof specSchema>;

/** Exactly one source key is set. */
export type RegistrySpec = RegistryCredentialSpec['registries'][number];

export type VerificationMode = NonNullable<NonNullable<RegistryCredentialSpec['verification']>['mode']>;

export type LabelSelector = RegistryCredentialSpec['namespaceSelector'];
export type LabelSelectorRequirement = NonNullable<LabelSelector['matchExpressions']>[number];

/** At least one of the two; a ServiceAccount is selected by either. */
export type ServiceAccountSelection = NonNullable<RegistryCredentialSpec['serviceAccounts']>;

/** The conditions with the types and states that the operator writes. */
export type RegistryCredentialStatus = Omit<StatusFromSchema, 'conditions'> & { conditions: Condition[] };
type StatusFromSchema = FromSchema<typeof statusSchema>;

export type RegistryStatus = RegistryCredentialStatus['registries'][number];
export type NamespaceFailure = RegistryCredentialStatus['failures'][number];
