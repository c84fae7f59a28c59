import { Writable } from 'node:stream';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createOutput, type Format, type Output, printedForScripts, table } from './output.ts';

const ESCAPE = '\u001b';

function output(
  isTTY: boolean,
  environment = {},
  format?: Format,
  columns?: number,
): { output: Output; said: () => string } {
  let said = '';
  const stdout = Object.assign(
    new Writable({
      write: (chunk, _, done) => {
        said += chunk;
        done();
      },
    }),
    { isTTY, ...(columns !== undefined && { columns }) },
  );
  return { output: createOutput({ stdout, stderr: stdout, environment }, format), said: () => said };
}

describe('the output of a command', () => {
  it('has colours on a terminal, and nowhere else', () => {
    expect(output(true).output.paint('x', 'red')).to.equal(`${ESCAPE}[31mx${ESCAPE}[0m`);
    expect(output(false).output.paint('x', 'red')).to.equal('x');
    expect(output(true, { NO_COLOR: '1' }).output.paint('x', 'red')).to.equal('x');
    expect(output(true, { TERM: 'dumb' }).output.paint('x', 'red')).to.equal('x');
  });

  it('lets nobody else play with the terminal', () => {
    const { output: out, said } = output(true);
    out.print(`${out.paint('a', 'red')}\nb${ESCAPE}]0;title\u0007${ESCAPE}[2J\r\u009b`);
    expect(said()).to.equal(`${ESCAPE}[31ma${ESCAPE}[0m\nb\ufffd]0;title\ufffd\ufffd[2J\ufffd\ufffd\n`);
  });

  it('lets nobody else hide, colour or turn around a text', () => {
    for (const [isTTY, red] of [
      [true, `${ESCAPE}[31m`],
      [false, '\ufffd[31m'],
    ] as const) {
      const { output: out, said } = output(isTTY);
      out.print(`a${ESCAPE}[8mb${ESCAPE}[31mc\u202ed\u2066e`);
      out.note(`${ESCAPE}[31m`);
      expect(said()).to.equal(`a\ufffd[8mb${red}c\ufffdd\ufffde\n\ufffd[31m\n`);
    }
  });

  it('shows progress in one line of the terminal, however narrow', () => {
    const { output: out, said } = output(true, {}, undefined, 5);
    out.progress('123456');
    expect(said()).to.equal(`\r${ESCAPE}[K1234`);
  });

  it('keeps what is in a cell of a table on its line', () => {
    expect(table([['a\nLoginFound: all is well', 'b\r\u2028']])).to.deep.equal([
      'a\ufffdLoginFound: all is well  b\ufffd\ufffd',
    ]);
  });

  it('gives scripts JSON or YAML, and people nothing of it', async () => {
    const value = { items: [{ name: 'a', list: [] }] };
    for (const [format, text] of [
      ['json', `${JSON.stringify(value, undefined, 2)}\n`],
      ['yaml', 'items:\n  - name: a\n    list: []\n'],
    ] as const) {
      const { output: out, said } = output(false, {}, format);
      expect(await printedForScripts(out, value)).to.equal(true);
      expect(said()).to.equal(text);
    }
    expect(await printedForScripts(output(false, {}, 'wide').output, value)).to.equal(false);
  });

  it('lines columns up, whatever their colour', () => {
    const { paint } = output(true).output;
    expect(
      table([
        ['a', 'bb', 'c'],
        ['aaa', '', ''],
        [paint('aa', 'red'), 'b', 'c'],
      ]),
    ).to.deep.equal(['a    bb  c', 'aaa', `${paint('aa', 'red')}   b   c`]);
  });
});
