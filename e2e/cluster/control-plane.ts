// A bare control plane: an API server as real as any, with nothing behind it that would run a pod.
// Free ports, a temporary folder, certificates and keys of its own.

import { readFile } from 'node:fs/promises';
import { get } from 'node:https';
import type { Cluster, ClusterOptions } from './cluster.ts';
import { writeControlPlaneFiles, writeKubeconfig } from './control-plane-files.ts';
import {
  apiServerFlags,
  controllerManagerFlags,
  etcdFlags,
  filesIn,
  type Setting,
} from './control-plane-flags.ts';
import { ControlPlanePrograms, type ProgramName } from './control-plane-programs.ts';
import { freePorts } from './free-ports.ts';
import { findKubectl } from './kubectl-program.ts';
import { untilRunning } from './program-up.ts';
import type { Programs } from './programs.ts';
import { Watchdog } from './watchdog.ts';

/** Seconds for a start that takes three on an idle machine; its neighbours may be compiling. */
const PATIENCE = 90;

export async function startControlPlane(programs: Programs, options: ClusterOptions): Promise<Cluster> {
  const kubectl = programs.kubectl ?? (await findKubectl());
  const [etcdPort = 0, etcdPeerPort = 0, apiServerPort = 0] = await freePorts(3);
  const watchdog = await Watchdog.start();
  const { folder } = watchdog;
  const server = `https://127.0.0.1:${apiServerPort}`;
  const setting = { folder, etcdPort, etcdPeerPort, apiServerPort };
  let controlPlane: ControlPlanePrograms;
  try {
    controlPlane = await startPrograms(programs, options, watchdog, setting);
  } catch (error) {
    await watchdog.stop();
    throw error;
  }
  const files = filesIn(folder);
  return {
    way: 'bare',
    kubeconfig: files.kubeconfig,
    server,
    kubectl,
    folder,
    watchdog,
    controlPlane,
    ...(options.audit ? { auditLog: files.auditLog } : {}),
    stop: () => watchdog.stop(),
  };
}

async function startPrograms(
  programs: Programs,
  { audit = false, apiServerFlags: furtherFlags = [] }: ClusterOptions,
  watchdog: Watchdog,
  setting: Setting,
): Promise<ControlPlanePrograms> {
  const { folder } = watchdog;
  const files = filesIn(folder);
  const server = `https://127.0.0.1:${setting.apiServerPort}`;
  const token = await writeControlPlaneFiles(folder);
  const answers = (path: string) => async () =>
    (await statusOf(server, path, token, files.authority)) === 200;
  const isReady = (): Promise<void> => {
    const needed = [started.running('etcd'), started.running('kube-apiserver')];
    return untilRunning(needed, 'the API server is ready', answers('/readyz'), PATIENCE);
  };
  const etcdAddress = `http://127.0.0.1:${setting.etcdPort}`;
  const started = new ControlPlanePrograms(watchdog, isReady, etcdAddress);
  const start = (name: ProgramName, command: string, args: readonly string[]) =>
    started.run(name, { command, args, log: files.log(name), cwd: folder });

  const etcd = await start('etcd', programs.etcd, etcdFlags(setting));
  const apiServer = await start('kube-apiserver', programs.apiServer, [
    ...apiServerFlags(setting, audit),
    ...furtherFlags,
  ]);
  await isReady();
  await writeKubeconfig(folder, server, token);
  const manager = await start(
    'kube-controller-manager',
    programs.controllerManager,
    controllerManagerFlags(setting),
  );
  const account = '/api/v1/namespaces/default/serviceaccounts/default';
  const all = [etcd, apiServer, manager];
  await untilRunning(all, 'the default namespace has its ServiceAccount', answers(account), PATIENCE);
  return started;
}

/** Undefined while nothing answers: the certificate comes with the first start, the port a little later. */
async function statusOf(
  server: string,
  path: string,
  token: string,
  authority: string,
): Promise<number | undefined> {
  const ca = await readFile(authority).catch(() => undefined);
  if (ca === undefined) return undefined;
  return new Promise(resolve => {
    const headers = { authorization: `Bearer ${token}` };
    get(new URL(path, server), { ca, headers, agent: false }, response => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', () => resolve(undefined));
  });
}
