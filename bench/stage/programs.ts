// The two programs that are compared, each as a process of its own with the same flags of Node and the same
// identity: the operator's bundle, and the floor's.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  NODE_ENVIRONMENT,
  NODE_FLAGS,
  type OperatorProcess,
  startOperator,
} from '../../e2e/cluster/operator-process.ts';
import type { Stage } from './stage.ts';
import { probed } from './stalls.ts';

export interface Started {
  readonly pid: number;
  /** performance.now() just before the start. */
  readonly began: number;
  /** The same in milliseconds since the epoch. */
  readonly at: number;
  /** Rejects when it ends before it is stopped; never resolves. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

export interface StartedOperator extends Started {
  readonly process: OperatorProcess;
  /** Where its stalls are written, if asked for. */
  readonly stalls: string;
}

export interface StartedFloor extends Started {
  tell(line: object): void;
  readonly ready: Promise<void>;
}

let started = 0;
const now = (): number => performance.timeOrigin + performance.now();

export async function runOperator(
  stage: Stage,
  parallel: number,
  withProbe: boolean,
): Promise<StartedOperator> {
  const { cluster, kubeconfig } = stage;
  const stalls = join(cluster.folder, `stalls-${++started}.json`);
  const [began, at] = [performance.now(), now()];
  const process = await startOperator(cluster, {
    kubeconfig,
    maxConcurrentWrites: parallel,
    logLevel: 'info',
    waitReady: false,
    ...(withProbe ? probed(stalls) : {}),
  });
  let isStopped = false;
  const failed = process.exited().then(async ({ code, signal }) => {
    if (isStopped) return new Promise<never>(() => {});
    throw new Error(`the operator ended by itself (${signal ?? code}):\n${await process.logs()}`);
  });
  failed.catch(() => {});
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await process.stop();
  };
  stage.adopt({ stop });
  return { pid: process.pid, began, at, process, stalls, failed, stop };
}

export function runFloor(stage: Stage, parallel: number, mode: string[]): StartedFloor {
  const { cluster, kubeconfig, floor, fleet } = stage;
  const { nodeFlags, env } = probed(join(cluster.folder, `stalls-${++started}.json`));
  const [began, at] = [performance.now(), now()];
  const args = [
    ...NODE_FLAGS,
    ...nodeFlags,
    floor,
    kubeconfig,
    String(parallel),
    String(fleet.credentials),
    ...mode,
  ];
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH ?? '', ...NODE_ENVIRONMENT, ...env },
  });
  const gone = once(child, 'exit');
  const ready = once(createInterface({ input: child.stdout }), 'line').then(() => {});
  const failed = gone.then(([code]) => {
    // After a cold start it ends when it is done.
    if (code === 0 || child.killed) return new Promise<never>(() => {});
    throw new Error(`the floor ended with ${code}`);
  });
  failed.catch(() => {});
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) child.kill('SIGKILL');
    await gone;
  };
  stage.adopt({ stop });
  const tell = (line: object): void => void child.stdin.write(`${JSON.stringify(line)}\n`);
  return { pid: child.pid ?? 0, began, at, ready, failed, tell, stop };
}
