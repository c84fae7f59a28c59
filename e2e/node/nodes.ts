// The nodes of a kind cluster, as containers of the engine: images are put into them, and where an image host
// is to be found is written there as containerd reads it (hosts.toml).

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../cluster/cluster.ts';
import { kubectl } from '../cluster/kubectl.ts';
import type { Engine } from './engine.ts';

export interface Nodes {
  readonly engine: Engine;
  readonly names: readonly string[];
  /** The network that they share, where the registries are to be as well. */
  readonly network: string;
}

/** Undefined if the nodes are no containers of this engine. */
export async function nodesOf(cluster: Cluster, engine: Engine): Promise<Nodes | undefined> {
  const list = await kubectl(cluster, ['get', 'nodes', '-o', 'jsonpath={.items[*].metadata.name}']);
  const names = list.split(' ').filter(Boolean);
  const format = '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}';
  const networks = await engine
    .run(['container', 'inspect', '--format', format, ...names])
    .catch(() => undefined);
  const network = networks?.split(/\s+/).find(Boolean);
  return network === undefined ? undefined : { engine, names, network };
}

/** As `kind load docker-image` does it, but without crictl in the node. */
export async function load(cluster: Cluster, { engine, names }: Nodes, image: string): Promise<void> {
  const archive = join(cluster.folder, 'image.tar');
  await engine.run(['save', '-o', archive, image]);
  const importing = ['ctr', '-n', 'k8s.io', 'images', 'import', '--all-platforms', '-'];
  for (const node of names) await engine.run(['exec', '-i', node, ...importing], createReadStream(archive));
}

/** From now on, and until the cluster is given up, the nodes get the images of this host from that container. */
export async function redirect(
  cluster: Cluster,
  { engine, names }: Nodes,
  host: string,
  container: string,
): Promise<void> {
  const folder = `/etc/containerd/certs.d/${host}`;
  const url = `http://${container}:5000`;
  // `server` as well: else containerd goes on to the real host when this one answers 401. It alone is not enough
  // for containerd 1.6.
  const text = `server = "${url}"\n[host."${url}"]\n`;
  for (const node of names) {
    // mkdir without -p: what somebody has set up for this host is not ours to overwrite.
    await engine.run(['exec', node, 'mkdir', '-p', '/etc/containerd/certs.d']);
    await engine.run(['exec', node, 'mkdir', folder]);
    await cluster.watchdog.atEnd(engine.name, ['exec', node, 'rm', '-r', folder]);
    await engine.run(['exec', '-i', node, 'cp', '/dev/stdin', `${folder}/hosts.toml`], text);
  }
}
