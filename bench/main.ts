// `npm run bench -- MEASURE [flags]`: what the operator costs, measured on a control plane that is started for it.
// Prints JSON lines, and keeps them in --out FILE; `npm run bench:report` makes docs/performance.md of such files.

import type { Measure } from './measure.ts';
import { burst } from './measures/burst.ts';
import { cold } from './measures/cold.ts';
import { idle } from './measures/idle.ts';
import { memory } from './measures/memory.ts';
import { newNamespaces } from './measures/new.ts';
import { repair } from './measures/repair.ts';
import { restart } from './measures/restart.ts';
import { rotate } from './measures/rotate.ts';
import { type Options, parseCommandLine } from './options.ts';
import { Recorder } from './record.ts';
import { Stage } from './stage/stage.ts';

const MEASURES: Readonly<Record<string, Measure>> = {
  cold,
  new: newNamespaces,
  burst,
  rotate,
  repair,
  restart,
  idle,
  memory,
};

const { measure = 'cold', options } = parseCommandLine(process.argv.slice(2));
await run(measure, options);

async function run(name: string, options: Options): Promise<void> {
  const measure = MEASURES[name];
  if (measure === undefined)
    throw new Error(`there is no measure ${name}: it is one of ${Object.keys(MEASURES).join(', ')}`);
  const stage = await Stage.start(options);
  try {
    await stage.restore('seeded');
    const recorder = await Recorder.of(name, options, stage);
    await measure({ stage, options, recorder });
  } finally {
    await stage.stop();
  }
}
