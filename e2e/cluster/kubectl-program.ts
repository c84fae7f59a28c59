// Which kubectl to use: the one from the pins if it is built already, else the machine's, else one built now.

import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { findGo } from './go-toolchain.ts';
import { buildPrograms, cachedPrograms } from './programs.ts';

const run = promisify(execFile);

export async function findKubectl(progress = (line: string) => console.error(line)): Promise<string> {
  const cached = await cachedPrograms();
  if (cached?.kubectl !== undefined) return cached.kubectl;
  const onPath = await searchPath();
  if (onPath !== undefined) return onPath;
  const go = await findGo();
  if (!go.ok) {
    throw new Error(`there is no kubectl on the PATH, and none can be built (${go.why}): install kubectl`);
  }
  const built = await buildPrograms(progress);
  return built.kubectl ?? 'kubectl';
}

async function searchPath(): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, 'kubectl');
    const runs = await access(path, constants.X_OK)
      .then(() => run(path, ['version', '--client']))
      .then(
        () => true,
        () => false,
      );
    if (runs) return path;
  }
  return undefined;
}
