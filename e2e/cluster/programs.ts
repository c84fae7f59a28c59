// The programs of a bare control plane: from a folder that somebody names, from the user's cache folder,
// or built from the Go modules that a go.mod below e2e/tools pins, once for all checkouts with the same pins.

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { buildProgram, buildsOf } from './go-build.ts';
import { GO_ENVIRONMENT } from './go-toolchain.ts';
import { type Kubernetes, kubernetesOf, NEWEST } from './kubernetes-version.ts';
import { cacheHome, isProgram } from './program-files.ts';
import { Watchdog } from './watchdog.ts';

/** The pins of the newest Kubernetes, and of what else is built from its code. */
export const TOOLS = NEWEST.tools;

export interface Programs {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllerManager: string;
  /** Absent in a folder that somebody named without it. */
  readonly kubectl: string | undefined;
}

/** The programs in KUBEBUILDER_ASSETS. Throws if one that is needed is not there. */
export async function programsIn(folder: string): Promise<Programs> {
  const needed = ['etcd', 'kube-apiserver', 'kube-controller-manager'];
  const there = await Promise.all(needed.map(name => isProgram(join(folder, name))));
  const missing = needed.filter((_, i) => !there[i]);
  if (missing.length > 0) {
    throw new Error(
      `KUBEBUILDER_ASSETS is ${folder}, which has no ${missing.join(' and no ')}: put it there, or unset KUBEBUILDER_ASSETS`,
    );
  }
  return { ...pathsIn(folder), kubectl: await orUndefined(join(folder, 'kubectl')) };
}

/** What an earlier build left, if all of it is there. */
export async function cachedPrograms(): Promise<Programs | undefined> {
  const paths = pathsIn(await cacheFolder(kubernetesOf()));
  const all = await Promise.all(Object.values(paths).map(isProgram));
  return all.every(Boolean) ? paths : undefined;
}

/** Builds into a folder of its own and renames it: whoever else builds meanwhile is not disturbed. */
export async function buildPrograms(progress: (line: string) => void): Promise<Programs> {
  const kubernetes = kubernetesOf();
  const target = await cacheFolder(kubernetes);
  await mkdir(join(target, '..'), { recursive: true });
  const watchdog = await Watchdog.start(await mkdtemp(`${target}.`));
  try {
    progress(`building Kubernetes ${kubernetes.version} into ${target}: minutes the first time, then kept`);
    for (const build of buildsOf(kubernetes)) await buildProgram(build, kubernetes.tools, watchdog, progress);
    await rename(join(watchdog.folder, 'bin'), target).catch(async (error: NodeJS.ErrnoException) => {
      // Somebody else was first, with the same pins and flags.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      if (!(await cachedPrograms())) throw new Error(`${target} is incomplete: remove it`, { cause: error });
    });
    return pathsIn(target);
  } finally {
    await watchdog.stop();
  }
}

async function cacheFolder(kubernetes: Kubernetes): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(join(kubernetes.tools, file)));
  hash.update(JSON.stringify([buildsOf(kubernetes), GO_ENVIRONMENT, process.platform, process.arch]));
  return join(cacheHome(), `k8s-${hash.digest('hex').slice(0, 16)}`);
}

const pathsIn = (folder: string) => ({
  etcd: join(folder, 'etcd'),
  apiServer: join(folder, 'kube-apiserver'),
  controllerManager: join(folder, 'kube-controller-manager'),
  kubectl: join(folder, 'kubectl'),
});

const orUndefined = async (path: string) => ((await isProgram(path)) ? path : undefined);
