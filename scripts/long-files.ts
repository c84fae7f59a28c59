// A file that no longer fits into a head is split: the bound that the gate holds.

import { glob, readFile } from 'node:fs/promises';

const MOST = 250;

export interface LongFile {
  readonly file: string;
  readonly lines: number;
  readonly most: number;
}

/** Source files of more lines than are wanted, below the folder `root`. */
export async function longFiles(root = '.'): Promise<LongFile[]> {
  const long: LongFile[] = [];
  for await (const file of glob('{src,scripts,e2e,bench}/**/*.ts', { cwd: root })) {
    const text = await readFile(`${root}/${file}`, 'utf8');
    const lines = text.split('\n').length - 1;
    if (lines > MOST) long.push({ file, lines, most: MOST });
  }
  return long.sort((a, b) => a.file.localeCompare(b.file));
}
