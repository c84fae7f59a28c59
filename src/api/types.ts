// The RegistryCredential as it comes from the API server: defaults filled in, schema obeyed.

import type { Condition } from './conditions.ts';

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

export interface RegistryCredentialSpec {
  registries: RegistrySpec[];
  secretName: string;
  namespaceSelector: LabelSelector;
  serviceAccounts?: ServiceAccountSelection;
  deletionPolicy: 'Delete' | 'Orphan';
  suspend?: boolean;
}

/** Exactly one source key is set. */
export interface RegistrySpec {
  server?: string;
  basic?: { secretRef: { name: string } };
  dockerConfig?: { secretRef: { name: string } };
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: LabelSelectorRequirement[];
}

export interface LabelSelectorRequirement {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  values?: string[];
}

/** At least one of the two; a ServiceAccount is selected by either. */
export interface ServiceAccountSelection {
  /** `*` stands for any text, also none. */
  names?: string[];
  selector?: LabelSelector;
}

export interface RegistryCredentialStatus {
  observedGeneration: number;
  conditions: Condition[];
  registries: RegistryStatus[];
  namespaces: { selected: number; synced: number; failed: number; summary: string };
  serviceAccounts: { selected: number; attached: number; summary: string };
  /** The first 10 by namespace. */
  failures: NamespaceFailure[];
  /** RFC 3339, the earliest end of life of a login; absent while none expires. */
  expiresAt?: string;
}

export interface RegistryStatus {
  server: string;
  source: string;
  expiresAt?: string;
  message?: string;
}

export interface NamespaceFailure {
  namespace: string;
  reason: string;
  message: string;
}
