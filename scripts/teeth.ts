// `npm run sim:teeth`: plants one bug after another in a copy of src, and has the simulator find
// it there. Fails when it does not find one, for then it shows nothing of it either.

import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PLANTED_BUGS, type PlantedBug } from '../src/testing/simulator/teeth/planted-bugs.ts';

const ROOT = join(import.meta.dirname, '..');
/** Ignored by git; inside, for a copy has to find node_modules. */
const COPY = join(ROOT, '.tmp', 'teeth');
/** What is not found in so many is not found. All of these are green without a bug. */
const SEEDS = 2_500;

interface Found {
  /** How many were run. */
  readonly seeds: number;
  readonly seed?: number;
  readonly rule?: string;
}

const wanted = process.argv[2];
const bugs = PLANTED_BUGS.filter(({ name }) => wanted === undefined || name.includes(wanted));
const missed: string[] = [];
for (const bug of bugs) {
  const found = await biteInto(bug);
  if (found.seed === undefined) missed.push(bug.name);
  console.log(
    found.seed === undefined
      ? `NOT FOUND in ${found.seeds} seeds: ${bug.name}`
      : `found by seed ${found.seed} (${found.seeds} run): ${bug.name}: ${found.rule}`,
  );
}
await rm(COPY, { recursive: true, force: true });
console.log(`${bugs.length - missed.length} of ${bugs.length} planted bugs found`);
if (missed.length > 0) process.exitCode = 1;

async function biteInto({ file, find, replace, name }: PlantedBug): Promise<Found> {
  await rm(COPY, { recursive: true, force: true });
  await mkdir(COPY, { recursive: true });
  await cp(join(ROOT, 'src'), join(COPY, 'src'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(COPY, 'package.json'));
  const path = join(COPY, 'src', file);
  const parts = (await readFile(path, 'utf8')).split(find);
  if (parts.length !== 2)
    throw new Error(`"${name}" has ${parts.length - 1} places in ${file} instead of one`);
  await writeFile(path, parts.join(replace));
  return simulate();
}

async function simulate(): Promise<Found> {
  const main = join(COPY, 'src', 'testing', 'simulator', 'main.ts');
  const child = spawn(process.execPath, [main, '--first', '--seeds', String(SEEDS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const last = (await text(child.stdout)).trim().split('\n').at(-1) ?? '';
  return JSON.parse(last) as Found;
}
