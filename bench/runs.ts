// One measured run each: the operator from the start of its process until all is
// correct, and the floor doing the same writes.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Cluster } from '../e2e/cluster/cluster.ts';
import { NODE_ENVIRONMENT, NODE_FLAGS, startOperator } from '../e2e/cluster/operator-process.ts';
import { SERVICE_ACCOUNTS_PATH } from '../src/controller/paths.ts';
import type { KubeClient, KubeObject } from '../src/kube/kube-client.ts';
import { awaitCompletion } from './completion.ts';

export interface OperatorRun {
  /** Start of the process -> all correct. */
  readonly milliseconds: number;
  /** VmHWM of the process, megabytes of 10^6 bytes. */
  readonly peakMegabytes: number;
}

export interface Setup {
  readonly cluster: Cluster;
  readonly admin: KubeClient;
  readonly names: readonly string[];
  /** Writes under way at a time, of both. */
  readonly parallel: number;
  /** The bundle of floor.ts. */
  readonly floor: string;
  /** A kubeconfig with the operator's own identity, for both. */
  readonly kubeconfig: string;
}

export async function runOperator(setup: Setup): Promise<OperatorRun> {
  const completion = awaitCompletion(setup.admin, setup.names);
  await completion.watching;
  const began = performance.now();
  const operator = await startOperator(setup.cluster, {
    kubeconfig: setup.kubeconfig,
    maxConcurrentWrites: setup.parallel,
    logLevel: 'info',
    waitReady: false,
  });
  try {
    const milliseconds = (await completion.done) - began;
    return { milliseconds, peakMegabytes: await peakOf(operator.pid) };
  } finally {
    completion.stop();
    await operator.stop();
  }
}

/** Start of the process -> all correct, in milliseconds. */
export async function runFloor({
  admin,
  names,
  parallel,
  kubeconfig,
  floor: script,
}: Setup): Promise<number> {
  const accounts = await accountsOf(admin);
  const completion = awaitCompletion(admin, names);
  await completion.watching;
  const began = performance.now();
  const floor = spawn(process.execPath, [...NODE_FLAGS, script, kubeconfig, String(parallel)], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { PATH: process.env.PATH ?? '', ...NODE_ENVIRONMENT },
  });
  floor.stdin.end(JSON.stringify(accounts));
  const [code] = await once(floor, 'exit');
  if (code !== 0) throw new Error(`the floor ended with ${code}`);
  const milliseconds = (await completion.done) - began;
  completion.stop();
  return milliseconds;
}

async function accountsOf(admin: KubeClient): Promise<{ namespace: string; resourceVersion: string }[]> {
  const { body } = await admin.request<{ items: KubeObject[] }>({
    method: 'GET',
    path: SERVICE_ACCOUNTS_PATH,
  });
  return body.items
    .map(({ metadata }) => metadata)
    .filter(({ namespace, name }) => namespace?.startsWith('fleet-') && name === 'default')
    .map(({ namespace = '', resourceVersion }) => ({ namespace, resourceVersion }));
}

/** Linux says it in /proc; elsewhere it is not known. */
async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? Number.NaN : (Number(kibibytes) * 1024) / 1e6;
}
