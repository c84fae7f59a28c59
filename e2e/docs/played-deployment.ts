// Runs the operator where a kubelet would: from when its Deployment is there until it is gone, with the flags of the
// Deployment, as its ServiceAccount, from the bundle that the image holds.

import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { type OperatorProcess, startOperator } from '../cluster/operator-process.ts';

/** Milliseconds between two looks. */
const INTERVAL = 200;
const GET = ['-n', OPERATOR_NAMESPACE, 'get', 'deployment', 'regcred', '--ignore-not-found', '-o', 'json'];

export class PlayedDeployment {
  readonly #cluster: Cluster;
  readonly #end = new AbortController();
  readonly #playing: Promise<void>;
  #operator: OperatorProcess | undefined;
  /** Those of the operator that runs. */
  #args: readonly string[] = [];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#playing = this.#play();
    // Looked at by stop().
    this.#playing.catch(() => {});
  }

  /** @throws what went wrong meanwhile */
  async stop(): Promise<void> {
    this.#end.abort();
    await this.#playing.finally(() => this.#halt());
  }

  async #play(): Promise<void> {
    while (!this.#end.signal.aborted) {
      const deployment = await kubectl(this.#cluster, GET);
      if (deployment === '') await this.#halt();
      else await this.#runWith(JSON.parse(deployment).spec.template.spec.containers[0].args);
      await delay(INTERVAL, undefined, { signal: this.#end.signal }).catch(() => {});
    }
  }

  async #runWith(args: readonly string[]): Promise<void> {
    if (String(args) !== String(this.#args)) await this.#halt();
    this.#args = args;
    this.#operator ??= await startOperator(this.#cluster, { args, logLevel: 'info' });
  }

  async #halt(): Promise<void> {
    await this.#operator?.stop();
    this.#operator = undefined;
  }
}
