// Where the tests of a real kubelet take place: a cluster with nodes, a registry with a password that the nodes
// can pull from, and an image of the operator that they have. README.md of this folder says what it takes.

import type { Cluster } from '../cluster/cluster.ts';
import { useExisting } from '../cluster/existing.ts';
import { isInstalled } from '../cluster/installation.ts';
import { createKindCluster } from '../cluster/kind.ts';
import { findEngine } from '../cluster/kind-engine.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { engineNamed } from './engine.ts';
import { type Nodes, nodesOf } from './nodes.ts';
import { buildOperatorImage } from './operator-image.ts';
import { ACCOUNTS, type OwnRegistry, startRegistry } from './own-registry.ts';
import { type Registry, registryNamed } from './registry.ts';
import type { Architecture } from './waiting-program.ts';

export interface Site {
  readonly cluster: Cluster;
  readonly architecture: Architecture;
  /** Minor version of the kubelet: 37 for v1.37.2. */
  readonly kubelet: number;
  /** What the nodes know the operator's image by. */
  readonly operatorImage: string;
  readonly registry: Registry;
  /** Absent when E2E_REGISTRY names the registry: one login that cannot be changed is all there is then. */
  readonly own: OwnRegistries | undefined;
}

export interface OwnRegistries {
  /** The same as `registry`. */
  readonly first: OwnRegistry;
  readonly second: OwnRegistry;
  /** Answers for docker.io. */
  readonly hub: OwnRegistry;
  /** Asks for no login. */
  readonly open: OwnRegistry;
}

/** Thrown when the tests cannot run here, which is no failure; the message says what is missing. */
export class NoSite extends Error {}

type Progress = (line: string) => void;

export async function openSite(progress: Progress): Promise<Site> {
  const env = process.env;
  if (env.E2E_REGISTRY && !env.E2E_KUBECONFIG)
    throw new Error('E2E_REGISTRY is a registry for the cluster of E2E_KUBECONFIG: set that too');
  const engine = await findEngine();
  const cluster = env.E2E_KUBECONFIG
    ? await useExisting(env.E2E_KUBECONFIG)
    : await kindCluster(engine, progress);
  try {
    if (await isInstalled(cluster))
      throw new Error('this cluster has the operator already, and the tests uninstall it: name another');
    const nodes = engine.ok ? await nodesOf(cluster, engineNamed(engine.engine)) : undefined;
    return await furnish(cluster, nodes, progress);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** An engine may answer and still have no node image to run: only who asks for kind wants to hear of that. */
async function kindCluster(
  found: Awaited<ReturnType<typeof findEngine>>,
  progress: Progress,
): Promise<Cluster> {
  if (!found.ok)
    throw new NoSite(
      `${found.why}; docker or podman with kind is needed, or E2E_KUBECONFIG and E2E_REGISTRY`,
    );
  return createKindCluster(found.engine, progress).catch(error => {
    if (process.env.E2E_CLUSTER === 'kind') throw error;
    throw new NoSite((error as Error).message);
  });
}

async function furnish(cluster: Cluster, nodes: Nodes | undefined, progress: Progress): Promise<Site> {
  const { E2E_REGISTRY: named, E2E_OPERATOR_IMAGE: image } = process.env;
  if (nodes === undefined && !(named && image))
    throw new NoSite(
      'the nodes of E2E_KUBECONFIG are no containers here: E2E_REGISTRY and E2E_OPERATOR_IMAGE are needed then',
    );
  const operatorImage = image || (await buildOperatorImage(cluster, needed(nodes), progress));
  const own = named ? undefined : await ownRegistries(cluster, needed(nodes));
  return {
    cluster,
    operatorImage,
    own,
    registry: own?.first ?? registryNamed(named ?? '', process.env),
    ...(await nodeInfo(cluster)),
  };
}

function needed(nodes: Nodes | undefined): Nodes {
  if (nodes === undefined) throw new Error('there are no nodes to reach into');
  return nodes;
}

/** Names that can belong to nobody (RFC 2606), but for docker.io, which is somebody's: that is the point. */
async function ownRegistries(cluster: Cluster, nodes: Nodes): Promise<OwnRegistries> {
  const start = (host: string, account?: typeof ACCOUNTS.first) =>
    startRegistry(cluster, nodes, host, account);
  return {
    first: await start('private-registry.test', ACCOUNTS.first),
    second: await start('second-registry.test', ACCOUNTS.first),
    hub: await start('docker.io', ACCOUNTS.first),
    open: await start('open-registry.test'),
  };
}

async function nodeInfo(cluster: Cluster): Promise<Pick<Site, 'architecture' | 'kubelet'>> {
  const path = '{.items[0].status.nodeInfo.architecture} {.items[0].status.nodeInfo.kubeletVersion}';
  const info = await kubectl(cluster, ['get', 'nodes', '-o', `jsonpath=${path}`]);
  const [architecture, version = ''] = info.split(' ');
  if (architecture !== 'amd64' && architecture !== 'arm64')
    throw new NoSite(`the nodes are ${architecture}: there are test images for amd64 and arm64 only`);
  return { architecture, kubelet: Number(version.split('.')[1]) };
}
