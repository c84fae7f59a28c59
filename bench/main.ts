// `npm run bench -- MEASURE [flags]`, or `all --quick|--full`: what the operator costs, measured on a control plane
// that is started for it. Prints JSON lines and a table of them, and keeps the lines in --out FILE.

import { rm } from 'node:fs/promises';
import { isMeasure, MEASURES } from './measures/measures.ts';
import { type Options, parseCommandLine } from './options.ts';
import { Recorder } from './record.ts';
import type { Line } from './report/lines.ts';
import { tableOf } from './report/table.ts';
import { FULL, QUICK, type Series } from './series.ts';
import { Stage } from './stage/stage.ts';

const began = performance.now();
const lines: Line[] = [];

try {
  const { measure = 'cold', options, quick } = parseCommandLine(process.argv.slice(2));
  if (measure === 'all') {
    const out = options.out ?? `bench/results/${quick ? 'quick' : 'full'}.jsonl`;
    // Of one series, from its first line to its last.
    await rm(out, { force: true });
    for (const series of quick ? QUICK : FULL) await run(series, { ...options, out });
  } else if (isMeasure(measure)) await run({ fleet: options, measures: [[measure, {}]] }, options);
  else throw new Error(`there is no measure ${measure}: it is all, ${Object.keys(MEASURES).join(', ')}`);
  console.log(tableOf(lines));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}

async function run({ fleet, measures }: Series, given: Options): Promise<void> {
  const stage = await Stage.start({ ...given, ...fleet });
  try {
    for (const [name, own] of measures) {
      const options = { ...given, ...fleet, ...own };
      console.error(`${minutes()} ${name}, ${options.namespaces} namespaces`);
      const recorder = Recorder.of(name, options, stage);
      await MEASURES[name]({ stage, options, recorder }).catch((error: unknown) => {
        // What the others of a series have to say is worth having all the same.
        console.error(`could not measure ${name}:`, error);
        process.exitCode = 1;
      });
      lines.push(...recorder.lines);
    }
  } finally {
    await stage.stop();
  }
}

function minutes(): string {
  const seconds = Math.round((performance.now() - began) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
