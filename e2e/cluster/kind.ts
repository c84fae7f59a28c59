// A kind cluster of our own: the way with a kubelet. KIND_NODE_IMAGE and KIND_CONFIG are for machines where
// kind's own image or its defaults will not do; a laptop needs neither.

import { join } from 'node:path';
import type { Cluster } from './cluster.ts';
import { serverOf } from './existing.ts';
import { findKind } from './kind-program.ts';
import { findKubectl } from './kubectl-program.ts';
import { tailOf } from './program-up.ts';
import { Watchdog } from './watchdog.ts';

export async function createKindCluster(engine: string, progress: (line: string) => void): Promise<Cluster> {
  const kubectl = await findKubectl(progress);
  const kind = await findKind(progress);
  const watchdog = await Watchdog.start();
  const kubeconfig = join(watchdog.folder, 'admin.kubeconfig');
  try {
    await create({ kind, engine, watchdog, kubeconfig, progress });
    return {
      way: 'kind',
      kubeconfig,
      server: await serverOf({ kubeconfig, kubectl }),
      kubectl,
      folder: watchdog.folder,
      watchdog,
      stop: () => watchdog.stop(),
    };
  } catch (error) {
    await watchdog.stop();
    throw error;
  }
}

interface Creation {
  /** Path of the program. */
  readonly kind: string;
  readonly engine: string;
  readonly watchdog: Watchdog;
  readonly kubeconfig: string;
  readonly progress: (line: string) => void;
}

async function create({ kind, engine, watchdog, kubeconfig, progress }: Creation): Promise<void> {
  const name = `regcred-${process.pid}`;
  const env = { ...process.env, KIND_EXPERIMENTAL_PROVIDER: engine };
  const image = process.env.KIND_NODE_IMAGE;
  const config = process.env.KIND_CONFIG;
  const began = performance.now();
  progress(`creating the kind cluster ${name} with ${engine}${image ? ` from ${image}` : ''} …`);
  // Before the cluster is there: a creation that is cut short leaves containers too.
  await watchdog.atEnd(kind, ['delete', 'cluster', '--name', name, '--kubeconfig', kubeconfig], env);
  const log = join(watchdog.folder, 'kind.log');
  const creation = await watchdog.run({
    name: 'kind create cluster',
    command: kind,
    args: [
      ...['create', 'cluster', '--name', name, '--kubeconfig', kubeconfig, '--wait', '180s'],
      ...(image ? ['--image', image] : []),
      ...(config ? ['--config', config] : []),
    ],
    env,
    log,
  });
  const { code, signal } = await creation.exited();
  if (code !== 0) {
    throw new Error(
      `could not create a kind cluster with ${engine} (${signal ?? `exit code ${code}`}):\n${await tailOf(log)}`,
    );
  }
  progress(`kind cluster ${name}: ${Math.round((performance.now() - began) / 1000)} s`);
}
