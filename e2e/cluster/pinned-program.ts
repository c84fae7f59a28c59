// The programs that a machine with Docker alone lacks: their versions, the addresses of their projects, and
// how Go makes them.

import { join } from 'node:path';
import { buildProgram, KUBECTL_BUILD, runGo } from './go-build.ts';
import type { Download } from './program-download.ts';
import { TOOLS } from './programs.ts';
import type { Watchdog } from './watchdog.ts';

export interface Platform {
  readonly os: string;
  readonly arch: string;
}

export interface PinnedProgram {
  readonly name: 'kind' | 'kubectl';
  readonly version: string;
  /** Where a person finds out how to install it. */
  readonly site: string;
  /** The environment variable that names another place with the same files below it. */
  readonly variable: string;
  readonly base: string;
  readonly pathOf: (platform: Platform) => string;
  /** What is added to an address for that of its sha256. */
  readonly checksum: string;
  /** Into `bin` of the watchdog's folder. */
  readonly build: (watchdog: Watchdog, progress: (line: string) => void) => Promise<void>;
}

export const KIND: PinnedProgram = {
  name: 'kind',
  version: 'v0.33.0',
  site: 'https://kind.sigs.k8s.io',
  variable: 'KIND_DOWNLOAD_URL',
  base: 'https://kind.sigs.k8s.io/dl',
  pathOf: ({ os, arch }) => `${KIND.version}/kind-${os}-${arch}`,
  checksum: '.sha256sum',
  build: (watchdog, progress) =>
    runGo(
      {
        title: 'kind',
        args: ['install', '-v', '-trimpath', '-ldflags', '-s -w', `sigs.k8s.io/kind@${KIND.version}`],
        // Not the checkout: a program of its own, with the versions that its project released it with.
        cwd: watchdog.folder,
        env: { GOBIN: join(watchdog.folder, 'bin') },
      },
      watchdog,
      progress,
    ),
};

export const KUBECTL: PinnedProgram = {
  name: 'kubectl',
  version: 'v1.37.2',
  site: 'https://kubernetes.io/docs/tasks/tools',
  variable: 'KUBECTL_DOWNLOAD_URL',
  base: 'https://dl.k8s.io/release',
  pathOf: ({ os, arch }) => `${KUBECTL.version}/bin/${os}/${arch}/kubectl`,
  checksum: '.sha256',
  build: (watchdog, progress) => buildProgram(KUBECTL_BUILD, TOOLS, watchdog, progress),
};

/** As Go and both projects call it; undefined where one of them has no program or we cannot run it. */
export function platformOf(os: string = process.platform, arch: string = process.arch): Platform | undefined {
  if (os !== 'linux' && os !== 'darwin') return undefined;
  if (arch === 'x64') return { os, arch: 'amd64' };
  return arch === 'arm64' ? { os, arch } : undefined;
}

/** @throws without the address, which may hold a password. */
export function downloadOf(pin: PinnedProgram, platform: Platform, env: NodeJS.ProcessEnv): Download {
  const base = baseOf(pin, env);
  const url = `${base.replace(/\/+$/, '')}/${pin.pathOf(platform)}`;
  return { url, checksumUrl: `${url}${pin.checksum}` };
}

function baseOf({ base, variable }: PinnedProgram, env: NodeJS.ProcessEnv): string {
  const value = env[variable];
  if (!value) return base;
  const url = URL.parse(value);
  const loopback = url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  const plain = url?.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (plain && (url?.protocol === 'https:' || (loopback && url.protocol === 'http:'))) return url.href;
  throw new Error(
    `${variable} is no address to download from: write https://HOST/PATH without user, password or query, or unset it`,
  );
}
