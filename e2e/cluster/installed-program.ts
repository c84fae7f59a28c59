// A program that a test needs beside the cluster: built once by Go, with the versions that its project released it
// with, then kept.

import { join } from 'node:path';
import { make } from './fetched-program.ts';
import { runGo } from './go-build.ts';
import { findGo } from './go-toolchain.ts';
import { cacheHome, isProgram } from './program-files.ts';

export type Installed = { readonly path: string } | { readonly why: string };

export interface Installable {
  /** What Go calls it: the last part of the package. */
  readonly name: string;
  readonly version: string;
  readonly package: string;
  /** Of the build. */
  readonly tags?: readonly string[];
}

export async function installedProgram(
  { name, version, package: of, tags = [] }: Installable,
  progress: (line: string) => void,
): Promise<Installed> {
  const path = join(cacheHome(), `${name}-${version}-${process.platform}-${process.arch}`, name);
  if (await isProgram(path)) return { path };
  const go = await findGo();
  if (!go.ok) return { why: `${name} ${version} is built by Go, and ${go.why}` };
  await make(path, watchdog => {
    progress(`building ${name} ${version} into ${path}: minutes the first time, then kept`);
    const flags = [
      '-v',
      '-trimpath',
      '-ldflags',
      '-s -w',
      ...(tags.length > 0 ? ['-tags', tags.join()] : []),
    ];
    const args = ['install', ...flags, `${of}@${version}`];
    const env = { GOBIN: join(watchdog.folder, 'bin') };
    return runGo({ title: name, args, cwd: watchdog.folder, env }, watchdog, progress);
  });
  return { path };
}
