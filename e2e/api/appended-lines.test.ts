// A real file, cut at every byte: no half line is ever taken for a whole one.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { appendedLines } from './appended-lines.ts';

describe('the lines that were appended', () => {
  let file: string;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regcred-lines-'));
    file = join(folder, 'log');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('are whole, wherever the writer has got to', async () => {
    const lines = ['{"a":{}}', '{"b":{"ü":{}}}'];
    const text = Buffer.from(`${lines.join('\n')}\n`);
    for (let length = 0; length <= text.length; length++) {
      await writeFile(file, text.subarray(0, length));
      const whole = text.subarray(0, length).filter(byte => byte === 0x0a).length;
      expect(await appendedLines(file, 0), `${length} bytes`).to.deep.equal(lines.slice(0, whole));
    }
  });

  it('are those that began after the mark, not the rest of one that began before', async () => {
    await writeFile(file, 'one\ntwo\nthree\n');
    const began: Record<number, string[]> = {
      0: ['one', 'two', 'three'],
      1: ['two', 'three'],
      4: ['two', 'three'],
      5: ['three'],
      8: ['three'],
      13: [],
      14: [],
    };
    for (const [mark, lines] of Object.entries(began))
      expect(await appendedLines(file, Number(mark)), `from ${mark}`).to.deep.equal(lines);
  });

  it('are not taken for none where the file was begun anew since', async () => {
    await writeFile(file, 'a new line\n');
    const error = await appendedLines(file, 100).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).to.contain('begun anew');
  });
});
