// States of the whole cluster, kept as copies of etcd's data: each run begins with a control plane that was started
// for it, on the very same data. That is quicker than to take thousands of objects back, and nothing of an earlier
// run is left, neither in etcd's history nor in an API server's memory.

import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '../../e2e/cluster/cluster.ts';
import type { ControlPlanePrograms } from '../../e2e/cluster/control-plane-programs.ts';

/** `seeded`: namespaces and no operator yet. `served`: an operator was there, and ended when all was done. */
export type StateName = 'seeded' | 'served';

export class KeptStates {
  readonly #cluster: Cluster;
  readonly #programs: ControlPlanePrograms;
  readonly #kept = new Set<StateName>();

  constructor(cluster: Cluster) {
    if (cluster.controlPlane === undefined)
      throw new Error(
        'could not measure: the benchmark needs a control plane of its own, so unset E2E_KUBECONFIG and E2E_CLUSTER',
      );
    this.#cluster = cluster;
    this.#programs = cluster.controlPlane;
  }

  has(name: StateName): boolean {
    return this.#kept.has(name);
  }

  /** Ends the control plane, and keeps what it holds. */
  async keep(name: StateName): Promise<void> {
    await this.#programs.stop('kube-apiserver', 'SIGKILL');
    await this.#programs.stop('etcd');
    await copy(this.#data, this.#copy(name));
    this.#kept.add(name);
  }

  /** A control plane that has just begun, with what was kept. */
  async restore(name: StateName): Promise<void> {
    for (const program of ['kube-apiserver', 'etcd'] as const)
      if (this.#programs.running(program).exit() === undefined) await this.#programs.stop(program, 'SIGKILL');
    await copy(this.#copy(name), this.#data);
    if (this.#cluster.auditLog !== undefined) await rm(this.#cluster.auditLog, { force: true });
    await this.#programs.start('etcd');
    await this.#programs.start('kube-apiserver');
    await this.#programs.untilReady();
  }

  get #data(): string {
    return join(this.#cluster.folder, 'etcd');
  }

  #copy(name: StateName): string {
    return join(this.#cluster.folder, `kept-${name}`);
  }
}

async function copy(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true });
}
