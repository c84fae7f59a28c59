// A kubeconfig with a token of one ServiceAccount: who holds it is that ServiceAccount and nobody more.

import { stringify } from 'yaml';
import type { Cluster } from './cluster.ts';
import { kubectl } from './kubectl.ts';

/** Longer than any test or demo; an API server may shorten it. */
const LIFE = '24h';

export async function operatorKubeconfig(
  cluster: Cluster,
  namespace: string,
  account: string,
): Promise<string> {
  const token = await kubectl(cluster, ['-n', namespace, 'create', 'token', account, `--duration=${LIFE}`]);
  const admin = JSON.parse(
    await kubectl(cluster, ['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']),
  );
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    // Address, CA and proxy as the admin's; not the admin's user.
    clusters: [{ name: 'cluster', cluster: admin.clusters[0].cluster }],
    users: [{ name: account, user: { token: token.trim() } }],
    contexts: [{ name: account, context: { cluster: 'cluster', user: account, namespace } }],
    'current-context': account,
  });
}
