// No failure path is missing on the list, and all that is logged goes the one way that masks it.

import { glob, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { LOGGED, THROWN } from './failure-paths.ts';

const SRC = new URL('../../src/', import.meta.url);
const CALL = /\blog\??\.(debug|info|warn|error)\(\s*(?:'([^']*)'|(.))/g;

async function sources(): Promise<[file: string, text: string][]> {
  const files: string[] = [];
  for await (const file of glob('**/*.ts', { cwd: SRC })) files.push(file);
  const own = files.filter(file => !file.endsWith('.test.ts') && !file.startsWith('testing/')).sort();
  return Promise.all(own.map(async file => [file, await readFile(new URL(file, SRC), 'utf8')]));
}

describe('the list of failure paths', () => {
  it('has every message that is logged above info or at debug, and no other', async () => {
    const logged = (await sources()).flatMap(([, text]) => [
      ...[...text.matchAll(CALL)].filter(([, level]) => level !== 'info').map(([, , message]) => message),
      ...[...text.matchAll(/\bonError\('([^']*)'/g)].map(([, message]) => message),
    ]);
    expect([...new Set(logged)]).to.have.members(Object.keys(LOGGED));
  });

  it('has the number of errors that each file makes, so that a new one is driven as well', async () => {
    const made = (await sources()).flatMap(([file, text]) => {
      const count = [
        ...text.matchAll(
          /\bnew (?:Api|Transport|KubeConfig|Config|NotLeader|Range|TooLong|AddressRefused|Type)?Error\(/g,
        ),
      ].length;
      return count === 0 ? [] : [[file, count] as const];
    });
    const listed = Object.entries(THROWN).map(([file, { count }]) => [file, count]);
    expect(Object.fromEntries(made)).to.deep.equal(Object.fromEntries(listed));
  });

  it('can rely on the log: messages are constants, and nothing is written past it', async () => {
    for (const [file, text] of await sources()) {
      for (const [call, , message] of text.matchAll(CALL))
        expect(message, `${file}: ${call} takes a constant, and what varies as a field`).to.not.equal(
          undefined,
        );
      const past = /process\.(stdout|stderr)|\bconsole\.|\binspect\(|process\.emitWarning|\.stack\b/.exec(
        text,
      )?.[0];
      // The command line talks to a person, by output.ts; its entry is where the streams come from.
      if (!['log.ts', 'main.ts', 'cli/main.ts'].includes(file))
        expect(past, `${file} writes past the log`).to.equal(undefined);
    }
  });
});
