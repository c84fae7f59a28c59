// The one door to a cluster for the tests, the demo and the benchmark.

import type { Cluster, ClusterOptions } from './cluster.ts';
import { startControlPlane } from './control-plane.ts';
import { useExisting } from './existing.ts';
import { findGo } from './go-toolchain.ts';
import { createKindCluster } from './kind.ts';
import { findEngine } from './kind-engine.ts';
import { buildPrograms, cachedPrograms, programsIn } from './programs.ts';
import { chooseWay } from './way.ts';

/**
 * Environment: E2E_KUBECONFIG (an existing cluster), KUBEBUILDER_ASSETS (folder of programs),
 * E2E_CLUSTER (`bare` or `kind`: overrides `prefer`, and kind then also goes before what is built already),
 * KIND_EXPERIMENTAL_PROVIDER, KIND_NODE_IMAGE, KIND_CONFIG, KIND_DOWNLOAD_URL and KUBECTL_DOWNLOAD_URL (where the
 * two come from if the machine has neither them nor Go; default https://kind.sigs.k8s.io/dl and
 * https://dl.k8s.io/release), HTTPS_PROXY, NO_PROXY.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const progress = options.progress ?? (line => console.error(line));
  const forced = forcedWay();
  const way = await chooseWay({
    kubeconfig: options.kubeconfig ?? process.env.E2E_KUBECONFIG,
    assets: process.env.KUBEBUILDER_ASSETS,
    prefer: forced ?? options.prefer ?? 'bare',
    isCached: async () => forced !== 'kind' && (await cachedPrograms()) !== undefined,
    go: findGo,
    engine: () => findEngine(),
  });
  switch (way.way) {
    case 'existing':
      return useExisting(way.kubeconfig);
    case 'kind':
      return createKindCluster(way.engine, progress).catch(error => {
        if (forced === 'kind') throw error;
        return buildInstead(error, { ...options, progress });
      });
    case 'assets':
      return startControlPlane(await programsIn(way.folder), options);
    default:
      return startControlPlane((await cachedPrograms()) ?? (await buildPrograms(progress)), options);
  }
}

/** An engine may answer and still have no node image to run: Go alone must be enough then too. */
async function buildInstead(
  refusal: Error,
  options: ClusterOptions & Required<Pick<ClusterOptions, 'progress'>>,
): Promise<Cluster> {
  if (!(await findGo()).ok) throw refusal;
  options.progress(`${refusal.message}\nkind will not do here: going on without it`);
  return startControlPlane(await buildPrograms(options.progress), options);
}

function forcedWay(): 'bare' | 'kind' | undefined {
  const value = process.env.E2E_CLUSTER;
  if (!value) return undefined;
  if (value === 'bare' || value === 'kind') return value;
  throw new Error(`E2E_CLUSTER is ${value}: write bare or kind, or leave it unset`);
}
