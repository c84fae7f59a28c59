// The operator as a process of this machine, with a token of its own ServiceAccount and nothing else:
// what RBAC and the policies refuse in a cluster is refused here too.

import { readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { VerificationMode } from '../../src/api/types.ts';
import type { Cluster } from './cluster.ts';
import { freePorts } from './free-ports.ts';
import { OPERATOR_ACCOUNT, OPERATOR_NAMESPACE } from './installation.ts';
import { operatorKubeconfig } from './operator-kubeconfig.ts';
import { untilRunning } from './program-up.ts';
import type { Exit } from './watchdog.ts';

export interface OperatorOptions {
  /** `bundle` is what the image holds: `npm run build` makes it. Default. */
  readonly from?: 'bundle' | 'source';
  readonly secretNames?: readonly string[];
  readonly maxConcurrentWrites?: number;
  /** Default: debug, so that a test that looks for credentials sees all there is. */
  readonly logLevel?: string;
  /** Another kubeconfig than one with a fresh token. */
  readonly kubeconfig?: string;
  /** Further flags of Node. */
  readonly nodeFlags?: readonly string[];
  /** Of a spec that does not say. Default: Off, for the servers in most tests are somebody's, or nobody's. */
  readonly verification?: VerificationMode;
  /** Further flags. */
  readonly args?: readonly string[];
  /** Further environment; that of this process is not passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** A program that runs it, with arguments of its own. */
  readonly within?: readonly string[];
  /** Whether to wait for /readyz. Default: true. */
  readonly waitReady?: boolean;
}

export interface OperatorProcess {
  readonly pid: number;
  readonly kubeconfig: string;
  /** host:port of /healthz and /readyz. */
  readonly healthAddress: string;
  /** host:port of /metrics. */
  readonly metricsAddress: string;
  /** All that it wrote to stdout and stderr. */
  logs(): Promise<string>;
  exit(): Exit | undefined;
  exited(): Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
  /** Sends the signal (default SIGTERM) and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
}

const ENTRY = {
  bundle: fileURLToPath(new URL('../../dist/operator.js', import.meta.url)),
  source: fileURLToPath(new URL('../../src/main.ts', import.meta.url)),
};

/** As in the Dockerfile, so that what is measured here is what runs there. */
export const NODE_FLAGS = ['--optimize-for-size', '--no-maglev'];
export const NODE_ENVIRONMENT = { NODE_ENV: 'production', MALLOC_ARENA_MAX: '1' };

/** Seconds for a start that takes one on an idle machine. */
const READY = 60;
/** Seconds after which an operator that was told to end is hanging. */
const END = 20;

let started = 0;

/** The cluster must have been through `install`. */
export async function startOperator(
  cluster: Cluster,
  options: OperatorOptions = {},
): Promise<OperatorProcess> {
  const name = `operator-${++started}`;
  const kubeconfig = options.kubeconfig ?? (await writeKubeconfig(cluster, name));
  const [health = 0, metrics = 0] = await freePorts(2);
  const healthAddress = `127.0.0.1:${health}`;
  const metricsAddress = `127.0.0.1:${metrics}`;
  const [command = process.execPath, ...before] = [...(options.within ?? []), process.execPath];
  const program = await cluster.watchdog.run({
    name: 'the operator',
    command,
    args: [
      ...before,
      ...NODE_FLAGS,
      ...(options.nodeFlags ?? []),
      ENTRY[options.from ?? 'bundle'],
      ...['--kubeconfig', kubeconfig, '--namespace', OPERATOR_NAMESPACE],
      ...['--health-address', healthAddress, '--metrics-address', metricsAddress],
      ...flagsOf(options),
    ],
    // As bare as in a pod: no proxy, no KUBECONFIG, no variable of a test runner.
    env: { PATH: process.env.PATH ?? '', ...NODE_ENVIRONMENT, ...options.env },
    log: join(cluster.folder, `${name}.log`),
  });
  if (options.waitReady !== false) {
    await untilRunning([program], 'the operator is ready', () => isReady(healthAddress), READY);
  }
  return {
    pid: program.pid,
    kubeconfig,
    healthAddress,
    metricsAddress,
    logs: () => readFile(program.log, 'utf8'),
    exit: program.exit,
    exited: program.exited,
    kill: program.kill,
    stop: async (signal = 'SIGTERM') => {
      program.kill(signal);
      const exit = await Promise.race([program.exited(), delay(END * 1000, undefined, { ref: false })]);
      if (exit !== undefined) return exit;
      program.kill('SIGKILL');
      throw new Error(`the operator was still there ${END} s after ${signal}`);
    },
  };
}

const flagsOf = (options: OperatorOptions): string[] => [
  ...['--log-level', options.logLevel ?? 'debug'],
  ...(options.secretNames ? ['--secret-names', options.secretNames.join(',')] : []),
  ...(options.maxConcurrentWrites ? ['--max-concurrent-writes', `${options.maxConcurrentWrites}`] : []),
  ...['--default-verification', options.verification ?? 'Off'],
  ...(options.args ?? []),
];

async function writeKubeconfig(cluster: Cluster, name: string): Promise<string> {
  const file = join(cluster.folder, `${name}.kubeconfig`);
  const text = await operatorKubeconfig(cluster, OPERATOR_NAMESPACE, OPERATOR_ACCOUNT);
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

export async function isReady(healthAddress: string): Promise<boolean> {
  return new Promise(resolve => {
    get(`http://${healthAddress}/readyz`, { agent: false }, response => {
      response.resume();
      resolve(response.statusCode === 200);
    }).once('error', () => resolve(false));
  });
}
