// kubectl-regcred as somebody has it: the bundle, and a kubeconfig of an admin or of a tenant.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { operatorKubeconfig } from '../cluster/operator-kubeconfig.ts';
import { create } from './admin.ts';
import { cluster } from './cluster.ts';

export const PROGRAM = fileURLToPath(new URL('../../dist/kubectl-regcred.js', import.meta.url));

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Run {
  /** Default: the admin's. */
  readonly kubeconfig?: string;
  /** For `-f -`. */
  readonly input?: string;
  /** Further environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Never rejects for what the program says. */
export async function regcred(args: readonly string[], run: Run = {}): Promise<Said> {
  const { kubeconfig = cluster().kubeconfig, input = '', env = {} } = run;
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { PATH: process.env.PATH ?? '', KUBECONFIG: kubeconfig, ...env },
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, out, err };
}

/** What it says, comparable between runs: `names` by what stands for them, blanks in tables as two. */
export const golden = (said: string, names: Readonly<Record<string, string>>): string[] =>
  Object.entries(names)
    .reduce((words, [name, standIn]) => words.replaceAll(name, standIn), said)
    .trimEnd()
    .split('\n')
    .map(line => line.replace(/(\S) {2,}/g, '$1  '));

/** Somebody with the rights of `role` in one namespace and none elsewhere; resolves to a kubeconfig. */
export async function tenantOf(namespace: string, role = 'edit'): Promise<string> {
  const account = `tenant-${role}`;
  await create(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: account } });
  await create(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
    metadata: { name: account },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  });
  const file = join(cluster().folder, `${namespace}-${account}.kubeconfig`);
  await writeFile(file, await operatorKubeconfig(cluster(), namespace, account), { mode: 0o600 });
  return file;
}
