// Every object of a cluster by name, for a test that nothing is left.

import type { Cluster } from '../cluster/cluster.ts';
import { kubectl } from '../cluster/kubectl.ts';

/** Kinds whose objects come and go by themselves. */
const PASSING = ['events', 'events.events.k8s.io', 'componentstatuses'];
const COLUMNS = 'custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name';

/** "KIND NAMESPACE NAME", sorted. */
export async function census(cluster: Cluster): Promise<string[]> {
  const kinds = await kubectl(cluster, ['api-resources', '--verbs=list', '-o', 'name', '--cached=false']);
  const asked = kinds
    .trim()
    .split('\n')
    .filter(kind => !PASSING.includes(kind));
  const objects = await kubectl(cluster, ['get', asked.join(), '-A', '--no-headers', '-o', COLUMNS]);
  return objects
    .trim()
    .split('\n')
    .map(line => line.trim().replace(/\s+/g, ' '))
    .sort();
}
