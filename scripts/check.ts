// `npm run check`: the one gate. A line and a time for each step; it stops at the
// first that fails and says what to run.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { longFiles } from './long-files.ts';
import { runNode } from './run.ts';

interface Step {
  readonly title: string;
  /** What to do when it fails. */
  readonly remedy: string;
  readonly run: () => Promise<boolean>;
}

const { resolve } = createRequire(import.meta.url);
/** A package's program, by the path that it has inside the package: not all of them export it. */
const program = (name: string, path: string) => join(dirname(resolve(`${name}/package.json`)), path);
const node =
  (...args: string[]) =>
  async () =>
    (await runNode(args)).exitCode === 0;

const steps: readonly Step[] = [
  {
    title: 'format and lint',
    remedy: 'npm run format, then see what it could not mend',
    run: node(program('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings'),
  },
  {
    title: 'types',
    remedy: 'npx tsc --project . and mend what it names',
    run: node(program('typescript', 'bin/tsc'), '--project', '.'),
  },
  {
    title: 'generated files',
    remedy: 'npm run generate and commit what changed',
    run: node('scripts/generate.ts', '--check'),
  },
  { title: 'length of files', remedy: 'split the files named above', run: noLongFiles },
  { title: 'build', remedy: 'npm run build and mend what it names', run: node('scripts/build.ts') },
];
const tests: Step = {
  title: 'tests',
  remedy: 'npm test; one file alone: npx mocha --no-config FILE',
  run: node('scripts/test.ts'),
};

// The tests build on their own: with them, the build step would be done twice.
const chosen = process.argv.includes('--no-tests') ? steps : [...steps.slice(0, -1), tests];
for (const { title, remedy, run } of chosen) {
  const start = performance.now();
  const ok = await run();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${ok ? 'ok  ' : 'FAIL'}  ${title} (${seconds} s)${ok ? '' : `\n      to mend it: ${remedy}`}`);
  if (!ok) {
    process.exitCode = 1;
    break;
  }
}

async function noLongFiles(): Promise<boolean> {
  const long = await longFiles();
  for (const { file, lines, most } of long)
    console.error(`${file} has ${lines} lines, at most ${most} are wanted`);
  return long.length === 0;
}
