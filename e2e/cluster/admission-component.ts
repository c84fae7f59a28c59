// Installs manifests/components/admission as `kubectl apply -k` does, and takes it away again.

import { fileURLToPath } from 'node:url';
import type { Cluster } from './cluster.ts';
import { kubectl } from './kubectl.ts';
import { forSecretNames, IN_COMPONENT, parseManifests, toList } from './manifests.ts';

const COMPONENT = fileURLToPath(new URL('../../manifests/components/admission', import.meta.url));

/** The policy is in force a moment later. @param secretNames what the manifests say is `regcred` */
export async function installAdmission(cluster: Cluster, secretNames: readonly string[]): Promise<void> {
  const manifests = parseManifests(await kubectl(cluster, ['kustomize', COMPONENT]));
  const input = toList(forSecretNames(manifests, secretNames, IN_COMPONENT));
  await kubectl(cluster, ['apply', '-f', '-'], { input });
}

/** Does nothing when it is gone already. */
export async function uninstallAdmission(cluster: Cluster): Promise<void> {
  await kubectl(cluster, ['delete', '--ignore-not-found', '-k', COMPONENT]);
}

/** Why a test of the policy is skipped. */
export const NO_POLICIES = 'this API server has no MutatingAdmissionPolicy v1; Kubernetes 1.36 has';

/** Whether the API server knows the kind: Kubernetes 1.36 or newer. */
export async function offersMutatingPolicies(cluster: Cluster): Promise<boolean> {
  const kinds = await kubectl(cluster, ['get', '--raw', '/apis/admissionregistration.k8s.io/v1']);
  return kinds.includes('"mutatingadmissionpolicies"');
}
