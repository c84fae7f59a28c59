// Which sources the operator that is measured was bundled from.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A result that is being written does not count. */
export async function commitOf(): Promise<string> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', args)).stdout.trim();
  try {
    const changed = await git('status', '--porcelain', '--', 'src', 'scripts', 'package-lock.json');
    return `${await git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : ' with changes'}`;
  } catch {
    return 'unknown';
  }
}
