// One `go build`, with its elapsed time shown while it runs: the first one takes minutes, and a silent
// terminal looks like a hanging one.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GO_ENVIRONMENT } from './go-toolchain.ts';
import { type Kubernetes, NEWEST } from './kubernetes-version.ts';
import { tailOf } from './program-up.ts';
import type { Watchdog } from './watchdog.ts';

/** What `kubectl version` and /version say. */
function stampOf(version: string): string {
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  const name = 'k8s.io/component-base/version';
  return `-s -w -X ${name}.gitVersion=${version} -X ${name}.gitMajor=${major} -X ${name}.gitMinor=${minor}`;
}

export interface Build {
  readonly title: string;
  readonly output: string;
  readonly ldflags: string;
  readonly packages: readonly string[];
}

/** The flags are part of Go's cache key and of ours: with others everything is compiled again. */
export const buildsOf = ({ version }: Kubernetes): readonly Build[] => [
  {
    title: 'kube-apiserver, kube-controller-manager, kubectl',
    output: '',
    ldflags: stampOf(version),
    packages: ['kube-apiserver', 'kube-controller-manager', 'kubectl'].map(
      name => `k8s.io/kubernetes/cmd/${name}`,
    ),
  },
  // Its package is called "server": without a name of our own so would be the program.
  { title: 'etcd', output: 'etcd', ldflags: '-s -w', packages: ['go.etcd.io/etcd/server/v3'] },
];

/** The same flags again, so that what was compiled for the whole control plane serves for this too. */
export const KUBECTL_BUILD: Build = {
  title: 'kubectl',
  output: '',
  ldflags: stampOf(NEWEST.version),
  packages: ['k8s.io/kubernetes/cmd/kubectl'],
};

/** Seconds between two signs of life. */
const SIGN_OF_LIFE = 15;

/** Into `bin` of the watchdog's folder. */
export async function buildProgram(
  { title, output, ldflags, packages }: Build,
  tools: string,
  watchdog: Watchdog,
  progress: (line: string) => void,
): Promise<void> {
  const target = `${watchdog.folder}/bin/${output}`;
  const args = ['build', '-v', '-trimpath', '-ldflags', ldflags, '-o', target, ...packages];
  await runGo({ title, args, cwd: tools }, watchdog, progress);
}

export interface GoRun {
  readonly title: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

export async function runGo(
  { title, args, cwd, env }: GoRun,
  watchdog: Watchdog,
  progress: (line: string) => void,
): Promise<void> {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1000);
  const log = join(watchdog.folder, `go-${title.replace(/\W+/g, '-')}.log`);
  progress(`  ${title} …`);
  const sign = () => progress(`  ${title} … ${seconds()} s, ${linesIn(log)} packages compiled`);
  const signs = setInterval(sign, SIGN_OF_LIFE * 1000);
  try {
    const go = await watchdog.run({
      name: `go ${args[0]}`,
      command: 'go',
      args,
      cwd,
      // Else a go that is killed leaves its working folder in the temporary folder.
      env: { ...process.env, ...GO_ENVIRONMENT, GOTMPDIR: watchdog.folder, ...env },
      log,
    });
    const { code, signal } = await go.exited();
    if (code !== 0)
      throw new Error(
        `could not build ${title}: go ended with ${signal ?? `exit code ${code}`}\n${await tailOf(log)}`,
      );
  } finally {
    clearInterval(signs);
  }
  progress(`  ${title}: ${seconds()} s`);
}

/** With -v go names each package that it compiles. */
const linesIn = (log: string): number => readFileSync(log, 'utf8').split('\n').length - 1;
