// kubectl as the admin of the cluster that the tests share: what stands for the people around the operator.

import { execFile } from 'node:child_process';
import { cluster } from './cluster.ts';

/** Resolves to stdout; rejects with kubectl's stderr. `input` goes to stdin as JSON, for `-f -`. */
export function kubectl(args: readonly string[], input?: object): Promise<string> {
  const { kubectl: program, kubeconfig } = cluster();
  return new Promise((resolve, reject) => {
    const child = execFile(program, ['--kubeconfig', kubeconfig, ...args], (error, stdout, stderr) => {
      if (error)
        reject(new Error(`could not run kubectl ${args.join(' ')}: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
    child.stdin?.end(input && JSON.stringify(input));
  });
}

export async function kubectlJson(args: readonly string[]) {
  return JSON.parse(await kubectl([...args, '-o', 'json']));
}
