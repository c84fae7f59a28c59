// The Helm that the tests run: built once by Go with the versions that its project released it with, then kept.

import { join } from 'node:path';
import { make } from './fetched-program.ts';
import { runGo } from './go-build.ts';
import { findGo } from './go-toolchain.ts';
import { cacheHome, isProgram } from './program-files.ts';

const VERSION = 'v4.3.1';

export type Helm = { readonly path: string } | { readonly why: string };

export async function findHelm(progress: (line: string) => void): Promise<Helm> {
  const path = join(cacheHome(), `helm-${VERSION}-${process.platform}-${process.arch}`, 'helm');
  if (await isProgram(path)) return { path };
  const go = await findGo();
  if (!go.ok) return { why: `Helm ${VERSION} is built by Go, and ${go.why}` };
  await make(path, watchdog => {
    progress(`building helm ${VERSION} into ${path}: minutes the first time, then kept`);
    const args = ['install', '-v', '-trimpath', '-ldflags', '-s -w', `helm.sh/helm/v4/cmd/helm@${VERSION}`];
    const env = { GOBIN: join(watchdog.folder, 'bin') };
    return runGo({ title: 'helm', args, cwd: watchdog.folder, env }, watchdog, progress);
  });
  return { path };
}
