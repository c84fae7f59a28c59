// Which cluster to take. Pure, so that the order of preference and the advice can be tested
// on a machine that has everything.

import type { Found } from './go-toolchain.ts';
import type { Engine } from './kind-engine.ts';

export type Way =
  | { readonly way: 'existing'; readonly kubeconfig: string }
  | { readonly way: 'assets'; readonly folder: string }
  | { readonly way: 'cached' }
  | { readonly way: 'build' }
  | { readonly way: 'kind'; readonly engine: string };

export interface Possibilities {
  readonly kubeconfig: string | undefined;
  readonly assets: string | undefined;
  readonly prefer: 'bare' | 'kind';
  /** Asked only as far as needed: to ask an engine takes seconds. */
  readonly isCached: () => Promise<boolean>;
  readonly go: () => Promise<Found>;
  readonly engine: () => Promise<Engine>;
}

export async function chooseWay(possible: Possibilities): Promise<Way> {
  if (possible.kubeconfig) return { way: 'existing', kubeconfig: possible.kubeconfig };
  if (possible.assets) return { way: 'assets', folder: possible.assets };
  if (await possible.isCached()) return { way: 'cached' };
  const refusals: string[] = [];
  const inOrder = possible.prefer === 'kind' ? [kindWay, goWay] : [goWay, kindWay];
  for (const take of inOrder) {
    const found = await take(possible);
    if ('way' in found) return found;
    refusals.push(found.why);
  }
  throw new Error(adviceFor(refusals));
}

async function goWay({ go }: Possibilities): Promise<Way | { why: string }> {
  const found = await go();
  return found.ok ? { way: 'build' } : found;
}

async function kindWay({ engine }: Possibilities): Promise<Way | { why: string }> {
  const found = await engine();
  return found.ok ? { way: 'kind', engine: found.engine } : found;
}

const adviceFor = (refusals: readonly string[]) => `could not start a cluster: ${refusals.join('; ')}.
One of these is needed:
  - Go 1.26 or newer (https://go.dev/dl): etcd and Kubernetes are then built once, which takes minutes
  - Docker or podman, running: kind and kubectl are then fetched where they are missing
  - a folder with etcd, kube-apiserver and kube-controller-manager, named by KUBEBUILDER_ASSETS
  - a cluster to try it on: --kubeconfig FILE, or E2E_KUBECONFIG=FILE for the tests`;
