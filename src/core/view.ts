// What plan is told about one namespace. It is a value: whoever has one can plan.

import type { LabelSelector, ServiceAccountSelection } from '../api/types.ts';
import type { Material } from './material.ts';
import type { NamespaceRecord, SecretRecord, ServiceAccountRecord } from './records.ts';

/** A RegistryCredential as far as namespaces are concerned. */
export interface CredentialView {
  readonly name: string;
  readonly secretName: string;
  readonly namespaceSelector: LabelSelector;
  readonly serviceAccounts: ServiceAccountSelection | undefined;
  readonly deletionPolicy: 'Delete' | 'Orphan';
  /** A deleted one is undone even while it is suspended. One that is stalled has no view; one that lacks our finalizer is as if suspended. */
  readonly phase: 'active' | 'suspended' | 'deleted';
  readonly material: Material;
}

export interface NamespaceView {
  readonly namespace: NamespaceRecord;
  readonly serviceAccounts: readonly ServiceAccountRecord[];
  /** The Secrets of our names, also those that are not ours. */
  readonly secrets: readonly SecretRecord[];
  /** All of them, sorted by name: the order of precedence. */
  readonly credentials: readonly CredentialView[];
  readonly operatorNamespace: string;
  /** The names that the operator is started with; it looks at no other Secret. */
  readonly secretNames: readonly string[];
}
