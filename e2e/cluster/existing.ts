// Somebody's own cluster, named by a kubeconfig: used as it is, and left running.

import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Cluster } from './cluster.ts';
import { kubectl } from './kubectl.ts';
import { findKubectl } from './kubectl-program.ts';
import { Watchdog } from './watchdog.ts';

export async function useExisting(file: string): Promise<Cluster> {
  const kubeconfig = resolve(file);
  await access(kubeconfig).catch(cause => {
    throw new Error(`there is no kubeconfig at ${kubeconfig}: name a file that exists`, { cause });
  });
  const entry = { kubeconfig, kubectl: await findKubectl() };
  const server = await serverOf(entry);
  await kubectl(entry, ['get', '--raw', '/readyz', '--request-timeout=30s']);
  const watchdog = await Watchdog.start();
  return {
    way: 'existing',
    ...entry,
    server,
    folder: watchdog.folder,
    watchdog,
    stop: () => watchdog.stop(),
  };
}

/** The API server of the current context. */
export async function serverOf(entry: Pick<Cluster, 'kubeconfig' | 'kubectl'>): Promise<string> {
  const path = '{.clusters[0].cluster.server}';
  return kubectl(entry, ['config', 'view', '--minify', '-o', `jsonpath=${path}`]);
}
