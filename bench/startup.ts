// `npm run bench:startup -- [--rounds N]`: what the libraries of the clouds cost an operator that uses none of them
// (docs/adr/0017-clouds-on-use.md). The bundle as it is, one without these sources, and one that has loaded all
// three libraries, each started in turn for its `--version`. JSON lines, then a table.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import type { Plugin } from 'esbuild';
import { bundle } from '../scripts/bundle.ts';
import { cloudBundles } from '../scripts/cloud-bundles.ts';
import { spreadOf } from './median.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' } } });
const run = promisify(execFile);

/** In the place of each such source another one, so that nothing else is bundled for them. */
const withoutClouds: Plugin = {
  name: 'without-clouds',
  setup(build) {
    build.onLoad({ filter: /\/src\/sources\/(ecr|gar|acr)\.ts$/ }, ({ path }) => {
      const name = path.slice(path.lastIndexOf('/') + 1, -'.ts'.length);
      return { contents: `export { basic as ${name} } from './basic.ts';`, loader: 'ts' };
    });
  },
};

/** The greatest resident memory of a process in kB, as its last word. */
const TELL_MEMORY = 'process.on("exit", () => process.stderr.write(String(process.resourceUsage().maxRSS)))';

interface Started {
  readonly milliseconds: number;
  readonly megabytes: number;
}

async function start(args: readonly string[]): Promise<Started> {
  const began = performance.now();
  const { stderr } = await run(process.execPath, [
    '--import',
    `data:text/javascript,${encodeURIComponent(TELL_MEMORY)}`,
    ...args,
    '--version',
  ]);
  return { milliseconds: performance.now() - began, megabytes: Number(stderr) / 1024 };
}

const folder = await mkdtemp(join(tmpdir(), 'regcred-startup-'));
try {
  const entry = 'src/main.ts';
  const clouds = await cloudBundles(folder);
  const whole = join(folder, 'operator.js');
  const without = join(folder, 'without.js');
  await bundle({ entry, outfile: whole });
  await bundle({ entry, outfile: without, plugins: [withoutClouds] });
  for (const each of clouds) await bundle(each);

  const variants: Readonly<Record<string, readonly string[]>> = {
    'as it is': [whole],
    'without these sources': [without],
    'with all three libraries loaded': [...clouds.flatMap(({ outfile }) => ['--import', outfile]), whole],
  };
  const started = new Map(Object.keys(variants).map(name => [name, [] as Started[]]));
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const turn = Object.entries(variants);
    // Who goes first changes, so that a drift of the machine hits all alike.
    const first = round % turn.length;
    for (const [name, args] of [...turn.slice(first), ...turn.slice(0, first)]) {
      const one = await start(args);
      started.get(name)?.push(one);
      console.log(JSON.stringify({ round, name, ...one }));
    }
  }
  console.log('| bundle | start, ms: median (least – most) | most memory, MB: median (least – most) |');
  console.log('| --- | --- | --- |');
  for (const [name, runs] of started) {
    const cell = (figures: readonly number[]): string => {
      const { median, least, most } = spreadOf(figures);
      return `${median.toFixed(1)} (${least.toFixed(1)} – ${most.toFixed(1)})`;
    };
    console.log(
      `| ${name} | ${cell(runs.map(one => one.milliseconds))} | ${cell(runs.map(one => one.megabytes))} |`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
