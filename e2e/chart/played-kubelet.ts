// Runs the pods of Helm's hooks where a kubelet would: the very command of the pod, from the bundle that the image
// holds, as the pod's ServiceAccount and with nothing else. Everything around it is real: the Job, its controller, RBAC.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '../cluster/cluster.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { operatorKubeconfig } from '../cluster/operator-kubeconfig.ts';
import { NODE_ENVIRONMENT } from '../cluster/operator-process.ts';
import { outputOf } from '../cluster/program-output.ts';

const BUNDLE = fileURLToPath(new URL('../../dist/operator.js', import.meta.url));
const PODS = ['-l', 'app.kubernetes.io/name=regcred-undo', '-n', OPERATOR_NAMESPACE];
/** Milliseconds between two looks. */
const INTERVAL = 200;

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec: {
    readonly serviceAccountName: string;
    readonly containers: readonly { readonly args: readonly string[] }[];
  };
}

export class PlayedKubelet {
  /** What each pod said, in order. */
  readonly said: string[] = [];
  readonly #cluster: Cluster;
  readonly #seen = new Set<string>();
  readonly #end = new AbortController();
  readonly #playing: Promise<void>;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#playing = this.#play();
    // Looked at by stop(); until then it is nobody's.
    this.#playing.catch(() => {});
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#playing;
  }

  async #play(): Promise<void> {
    while (!this.#end.signal.aborted) {
      const { items } = JSON.parse(await kubectl(this.#cluster, ['get', 'pods', ...PODS, '-o', 'json']));
      for (const pod of (items as Pod[]).filter(({ metadata }) => !this.#seen.has(metadata.uid))) {
        this.#seen.add(pod.metadata.uid);
        // Its ServiceAccount may be gone, with the hook.
        await this.#run(pod).catch((error: Error) => this.said.push(error.message));
      }
      await delay(INTERVAL, undefined, { signal: this.#end.signal }).catch(() => {});
    }
  }

  async #run({ metadata, spec }: Pod): Promise<void> {
    const kubeconfig = join(this.#cluster.folder, `${metadata.name}.kubeconfig`);
    const identity = await operatorKubeconfig(this.#cluster, OPERATOR_NAMESPACE, spec.serviceAccountName);
    await writeFile(kubeconfig, identity, { mode: 0o600 });
    const [command, ...flags] = spec.containers[0]?.args ?? [];
    const phase = await outputOf({
      title: metadata.name,
      command: process.execPath,
      args: [BUNDLE, command ?? '', '--kubeconfig', kubeconfig, ...flags],
      env: { PATH: process.env.PATH ?? '', ...NODE_ENVIRONMENT, POD_NAMESPACE: OPERATOR_NAMESPACE },
    }).then(
      text => {
        this.said.push(text);
        return 'Succeeded';
      },
      (error: Error) => {
        this.said.push(error.message);
        return 'Failed';
      },
    );
    const patch = ['--subresource=status', '--type=merge', `--patch={"status":{"phase":"${phase}"}}`];
    // It may be gone by then, with the Job.
    await kubectl(this.#cluster, ['-n', OPERATOR_NAMESPACE, 'patch', 'pod', metadata.name, ...patch]).catch(
      () => {},
    );
  }
}
