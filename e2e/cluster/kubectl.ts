// Runs kubectl as the cluster's admin. An error shows the command without what may be a credential.

import type { Cluster } from './cluster.ts';
import { outputOf } from './program-output.ts';

/** @returns stdout. @throws with what kubectl said on stderr. */
export const kubectl = (
  cluster: Pick<Cluster, 'kubectl' | 'kubeconfig'>,
  args: readonly string[],
  { input, signal }: { readonly input?: string; readonly signal?: AbortSignal } = {},
): Promise<string> =>
  outputOf({
    title: `kubectl ${shown(args).join(' ')}`,
    command: cluster.kubectl,
    args: ['--kubeconfig', cluster.kubeconfig, ...args],
    input,
    signal,
  });

/** `--docker-password=…`, `--from-literal=…`, `--token=…`: the flag without its value. */
export function shown(args: readonly string[]): string[] {
  return args.map(arg => arg.replace(/^(--[a-z-]*(?:password|literal|token|patch)[a-z-]*=).*$/s, '$1***'));
}
