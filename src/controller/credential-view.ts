// From a RegistryCredential and its logins to what plan is told of it. One for the loop and for
// `kubectl regcred plan`, so that both plan the same.

import type { CredentialRecord } from '../core/credential-record.ts';
import { type Material, materialOf } from '../core/material.ts';
import type { CredentialView } from '../core/view.ts';
import { phaseOf } from './obeyed.ts';

/** `material` undefined: it was never fetched, and a Secret of an earlier run may hold any login of it. */
export function credentialViewOf(record: CredentialRecord, material: Material | undefined): CredentialView {
  const { spec } = record;
  return {
    name: record.name,
    secretName: spec.secretName,
    namespaceSelector: spec.namespaceSelector,
    serviceAccounts: spec.serviceAccounts,
    deletionPolicy: spec.deletionPolicy,
    phase: phaseOf(record),
    material: material ?? materialOf(spec.registries.map(() => ({ state: 'unknown', keys: undefined }))),
  };
}
