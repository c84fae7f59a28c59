// The operator's image as an admin builds it, from the project's Dockerfile, put into the nodes directly: a
// cluster that pulls it needs no operator to do so.

import { fileURLToPath } from 'node:url';
import type { Cluster } from '../cluster/cluster.ts';
import { load, type Nodes } from './nodes.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** Both docker and podman take this host for "nowhere but here". The image before stays without a tag, for its layers are reused. */
const NAME = 'localhost/regcred:e2e';

export async function buildOperatorImage(
  cluster: Cluster,
  nodes: Nodes,
  progress: (line: string) => void,
): Promise<string> {
  const { E2E_BUILD_IMAGE: build, E2E_BASE_IMAGE: base } = process.env;
  const { engine } = nodes;
  const began = performance.now();
  progress(`building the operator's image with ${engine.name} …`);
  await engine.run([
    ...['build', '-t', NAME],
    ...(build ? ['--build-arg', `BUILD_IMAGE=${build}`] : []),
    ...(base ? ['--build-arg', `BASE_IMAGE=${base}`] : []),
    PROJECT,
  ]);
  const size = Number(await engine.run(['image', 'inspect', '--format', '{{.Size}}', NAME]));
  await load(cluster, nodes, NAME);
  const seconds = Math.round((performance.now() - began) / 1000);
  progress(
    `${NAME}: ${Math.round(size / 1e6)} MB, built and in ${nodes.names.length} nodes after ${seconds} s`,
  );
  return NAME;
}
