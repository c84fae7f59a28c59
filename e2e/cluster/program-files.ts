// Where programs are looked for and kept: the PATH, and one cache folder for all checkouts.

import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const cacheHome = (env: NodeJS.ProcessEnv = process.env): string =>
  join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'regcred');

export const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** The first on the PATH that also runs: a wrapper without its program counts as absent. */
export async function findOnPath(name: string, args: readonly string[]): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (!(await isProgram(path))) continue;
    const runs = await run(path, args).then(
      () => true,
      () => false,
    );
    if (runs) return path;
  }
  return undefined;
}
