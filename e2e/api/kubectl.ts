// kubectl as the admin of the cluster that the tests share: what stands for the people around the operator.

import { kubectl as run } from '../cluster/kubectl.ts';
import { cluster } from './cluster.ts';

/** Resolves to stdout; rejects with kubectl's stderr. `input` goes to stdin as JSON, for `-f -`. */
export const kubectl = (args: readonly string[], input?: object): Promise<string> =>
  run(cluster(), args, input && { input: JSON.stringify(input) });

export async function kubectlJson(args: readonly string[]) {
  return JSON.parse(await kubectl([...args, '-o', 'json']));
}
