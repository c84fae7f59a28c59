// The demo runs what the image would hold, made from the sources as they are now.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BUILD = fileURLToPath(new URL('../../scripts/build.ts', import.meta.url));

export async function buildBundle(): Promise<void> {
  await promisify(execFile)(process.execPath, [BUILD]).catch(cause => {
    throw new Error(`could not build the operator: ${cause.stderr}`, { cause });
  });
}
