// Lines that go out together, and none that is lost.

import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { linesTo } from './line-output.ts';

describe('lines of the log', () => {
  let written: string[];
  let exit: () => void;
  const output = () =>
    linesTo({ write: text => void written.push(text) }, flush => {
      exit = flush;
    });

  beforeEach(() => {
    written = [];
  });

  it('of one turn go out together, in order', async () => {
    const lines = output();
    for (const line of ['a\n', 'b\n', 'c\n']) lines.write(line);
    await turn();
    lines.write('d\n');
    await turn();
    expect(written).to.deep.equal(['a\nb\nc\n', 'd\n']);
  });

  it('that were not out yet go when the process ends, and only once', async () => {
    const lines = output();
    lines.write('last words\n');
    exit();
    await turn();
    expect(written).to.deep.equal(['last words\n']);
  });
});
