// The bound on the length of files, on files made for it.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { longFiles } from './long-files.ts';

describe('the length of files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regcred-lines-'));
    await mkdir(join(folder, 'src', 'deep'), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('may be 250 lines', async () => {
    await writeFile(join(folder, 'src', 'deep', 'a.ts'), 'x\n'.repeat(250));
    expect(await longFiles(folder)).to.deep.equal([]);
  });

  it('may not be 251 lines, in no folder below src', async () => {
    await writeFile(join(folder, 'src', 'deep', 'a.ts'), 'x\n'.repeat(251));
    expect(await longFiles(folder)).to.deep.equal([{ file: 'src/deep/a.ts', lines: 251, most: 250 }]);
  });
});
