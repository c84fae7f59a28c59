// Runs kubectl as the cluster's admin. An error shows the command without what may be a credential.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Cluster } from './cluster.ts';

/** @returns stdout. @throws with what kubectl said on stderr. */
export async function kubectl(
  cluster: Pick<Cluster, 'kubectl' | 'kubeconfig'>,
  args: readonly string[],
  { input, signal }: { readonly input?: string; readonly signal?: AbortSignal } = {},
): Promise<string> {
  const child = spawn(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args], { signal });
  // A kubectl that ends before it has read its input says why on stderr.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [out, said, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  if (code === 0) return out;
  throw new Error(`could not run kubectl ${shown(args).join(' ')}: ${said.trim() || `exit code ${code}`}`);
}

/** `--docker-password=…`, `--from-literal=…`, `--token=…`: the flag without its value. */
export function shown(args: readonly string[]): string[] {
  return args.map(arg => arg.replace(/^(--[a-z-]*(?:password|literal|token|patch)[a-z-]*=).*$/s, '$1***'));
}
