// What `kubectl apply -k manifests` would install, for an operator that runs outside the cluster: the same
// identity, the same RBAC, the same policies, but no Deployment and no budget for its pods. Pure.

import { parseAllDocuments } from 'yaml';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text)
    .map(document => document.toJS() as Manifest | null)
    .filter(manifest => manifest !== null);
}

export function withoutDeployment(manifests: readonly Manifest[]): Manifest[] {
  return manifests.filter(({ kind }) => kind !== 'Deployment' && kind !== 'PodDisruptionBudget');
}

/** How often the Secret names stand in manifests/, and in its component. */
const IN_MANIFESTS = { resourceNames: 1, secretNames: 1 };
export const IN_COMPONENT = { resourceNames: 0, secretNames: 1 };

/**
 * The same change that an admin makes who wants further Secret names: in RBAC and in the policy.
 * Throws when the manifests no longer say it in these places, for a test must not run with more or less.
 */
export function forSecretNames(
  manifests: readonly Manifest[],
  names: readonly string[],
  expected = IN_MANIFESTS,
): Manifest[] {
  const replaced = { resourceNames: 0, secretNames: 0 };
  const changed = JSON.parse(JSON.stringify(manifests), (_, value) => {
    if (String(value?.resources) === 'secrets' && String(value.resourceNames) === 'regcred') {
      replaced.resourceNames++;
      return { ...value, resourceNames: names };
    }
    if (value?.name === 'secretNames' && value.expression === "['regcred']") {
      replaced.secretNames++;
      return { ...value, expression: `[${names.map(name => `'${name}'`).join(', ')}]` };
    }
    return value;
  });
  if (JSON.stringify(replaced) !== JSON.stringify(expected)) {
    throw new Error(
      `the Secret names stand elsewhere in manifests/ than expected: ${JSON.stringify(replaced)}`,
    );
  }
  return changed;
}

export function toList(manifests: readonly Manifest[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
}
