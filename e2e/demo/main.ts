// `npm run demo`: the main job from nothing, on a local cluster. Ends with everything as it was before.

import { once } from 'node:events';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { install } from '../cluster/installation.ts';
import { startOperator } from '../cluster/operator-process.ts';
import { startCluster } from '../cluster/start-cluster.ts';
import { buildBundle } from './bundle.ts';
import { expectUntouched, restore } from './guest.ts';
import type { Stage } from './stage.ts';
import { lookAround, optIn, optOut, runPods } from './story.ts';

const USAGE = `npm run demo [-- --once] [-- --kubeconfig FILE]
  --once             stop after showing; without it the cluster stays up until Ctrl-C
  --kubeconfig FILE  show it on this cluster instead of a local one; what the demo made is removed at its end`;

interface Wishes {
  readonly once: boolean;
  readonly kubeconfig: string | undefined;
}

const wishes = readWishes();
if (wishes !== undefined) process.exitCode = await demo(wishes).catch(complain);

function readWishes(): Wishes | undefined {
  try {
    const options = {
      once: { type: 'boolean' },
      kubeconfig: { type: 'string' },
      help: { type: 'boolean' },
    } as const;
    const { values } = parseArgs({ options });
    if (!values.help) return { once: values.once === true, kubeconfig: values.kubeconfig };
    console.log(USAGE);
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exitCode = 2;
  }
  return undefined;
}

/** @returns the exit code */
async function demo({ once: stopAfterwards, kubeconfig }: Wishes): Promise<number> {
  await buildBundle();
  const cluster = await startCluster({ kubeconfig, prefer: 'kind' });
  const ending = new AbortController();
  // Once: who presses Ctrl-C again does not want to wait for the end.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  const stage: Stage = { cluster, signal: ending.signal };
  try {
    await expectUntouched(stage);
    try {
      await play(stage);
      if (stopAfterwards) return 0;
      await stay(stage);
      return 0;
    } catch (error) {
      if (!ending.signal.aborted) throw error;
      return 130;
    } finally {
      await restore(cluster);
    }
  } finally {
    await cluster.stop();
  }
}

async function play(stage: Stage): Promise<void> {
  await install(stage.cluster);
  await startOperator(stage.cluster, { logLevel: 'info' });
  console.log(
    `The operator runs, under the RBAC and the policies of manifests/ (cluster: ${stage.cluster.way}).`,
  );
  await optIn(stage);
  await lookAround(stage);
  await runPods(stage);
  await optOut(stage);
}

async function stay({ cluster, signal }: Stage): Promise<void> {
  console.log(`
The cluster stays up until Ctrl-C. In another terminal:
  export KUBECONFIG=${cluster.kubeconfig} PATH="${dirname(cluster.kubectl)}:$PATH"
  kubectl get registrycredentials`);
  // A listener alone does not keep a process alive.
  const alive = setInterval(() => {}, 60_000);
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(alive);
}

function complain(error: Error): number {
  console.error(`\nThe demo failed: ${error.message}`);
  return 1;
}
