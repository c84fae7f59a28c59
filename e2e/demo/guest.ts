// On somebody else's cluster the demo is a guest: it comes only where it can disturb nothing, and leaves
// nothing behind. A cluster of our own just goes.

import type { Cluster } from '../cluster/cluster.ts';
import { isInstalled, OPERATOR_NAMESPACE, uninstall } from '../cluster/installation.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { quietly, type Stage } from './stage.ts';
import { CREDENTIAL, NAMESPACES } from './story.ts';

export async function expectUntouched(stage: Stage): Promise<void> {
  const names = [OPERATOR_NAMESPACE, ...NAMESPACES];
  const there = await quietly(stage, ['get', 'namespace', ...names, '--ignore-not-found', '-o', 'name']);
  const found = [
    ...there.split('\n').filter(Boolean),
    ...((await isInstalled(stage.cluster)) ? ['the CRD'] : []),
  ];
  if (found.length === 0) return;
  throw new Error(
    `this cluster has ${found.join(', ')} already, and the demo removes what it uses: name another cluster`,
  );
}

/** The RegistryCredential first, while the operator is there to undo it. */
export async function restore(cluster: Cluster): Promise<void> {
  if (cluster.way !== 'existing') return;
  console.log('\nremoving what the demo made …');
  if (await isInstalled(cluster)) {
    await kubectl(cluster, ['delete', CREDENTIAL, '--ignore-not-found', '--timeout=60s']);
  }
  await kubectl(cluster, ['delete', 'namespace', ...NAMESPACES, '--ignore-not-found', '--timeout=120s']);
  await uninstall(cluster);
}
