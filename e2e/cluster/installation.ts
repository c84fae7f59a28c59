// Installs crds/ and manifests/ for an operator that runs outside the cluster, and waits until the policies
// that bind it are in force: an API server takes a moment to obey a new one.

import { fileURLToPath } from 'node:url';
import type { Cluster } from './cluster.ts';
import { kubectl } from './kubectl.ts';
import { forSecretNames, type Manifest, parseManifests, toList, withoutDeployment } from './manifests.ts';
import { until } from './until.ts';

export const OPERATOR_NAMESPACE = 'regcred-system';
export const OPERATOR_ACCOUNT = 'regcred';

const MANIFESTS = fileURLToPath(new URL('../../manifests', import.meta.url));
const IDENTITY = `system:serviceaccount:${OPERATOR_NAMESPACE}:${OPERATOR_ACCOUNT}`;

/** @param secretNames what the operator will be started with; the manifests say `regcred` */
export async function install(cluster: Cluster, secretNames: readonly string[] = ['regcred']): Promise<void> {
  const manifests = await manifestsOf(cluster);
  const adapted = String(secretNames) === 'regcred' ? manifests : forSecretNames(manifests, secretNames);
  await kubectl(cluster, ['apply', '-f', '-'], { input: toList(adapted) });
  await untilBound(cluster);
}

/** Resolves when an operator can be started: its CRD, its ServiceAccount and the policies are in force. */
export async function untilBound(cluster: Cluster): Promise<void> {
  await kubectl(cluster, ['wait', '--for=condition=Established', 'crd', CRD, '--timeout=60s']);
  const account = `serviceaccount/${OPERATOR_ACCOUNT}`;
  await kubectl(cluster, ['-n', OPERATOR_NAMESPACE, 'wait', '--for=create', account, '--timeout=60s']);
  for (const probe of PROBES) {
    await until(`a policy refuses the operator ${probe.what}`, () => isRefused(cluster, probe.object), 60);
  }
}

/**
 * Takes away what `install` made. RegistryCredentials must be gone before: only the operator can undo them.
 * @param patience seconds, after which it is hanging
 */
export async function uninstall(cluster: Cluster, patience = 120): Promise<void> {
  const input = toList(await manifestsOf(cluster));
  await kubectl(cluster, ['delete', '--ignore-not-found', `--timeout=${patience}s`, '-f', '-'], { input });
}

/** Whether somebody has installed the operator in this cluster, Deployment or not. */
export async function isInstalled(cluster: Cluster): Promise<boolean> {
  return (await kubectl(cluster, ['get', 'crd', CRD, '--ignore-not-found', '-o', 'name'])) !== '';
}

const CRD = 'registrycredentials.regcred.dev';

/** All of manifests/ but what runs in pods. */
export async function manifestsOf(cluster: Cluster): Promise<Manifest[]> {
  return withoutDeployment(parseManifests(await kubectl(cluster, ['kustomize', MANIFESTS])));
}

/** Each is what RBAC allows the operator and a policy does not. */
const PROBES = [
  {
    what: 'a Secret of another type',
    object: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'regcred' }, type: 'Opaque' },
  },
  {
    what: 'a label on a ServiceAccount',
    object: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', labels: { probe: 'x' } },
    },
  },
];

async function isRefused(cluster: Cluster, object: object): Promise<boolean> {
  const args = ['-n', 'default', 'apply', '--server-side', '--dry-run=server', `--as=${IDENTITY}`, '-f', '-'];
  try {
    await kubectl(cluster, args, { input: JSON.stringify(object) });
    return false;
  } catch (error) {
    if (String(error).includes('ValidatingAdmissionPolicy')) return true;
    // RBAC is cached too, for a moment.
    if (String(error).includes('forbidden')) return false;
    throw error;
  }
}
