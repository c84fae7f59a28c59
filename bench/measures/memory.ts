// Memory of a cold start: the most at any time, and what is left some time after the work. Nothing is loaded into
// the process beside its own bundle.

import { setTimeout as delay } from 'node:timers/promises';
import type { Measure } from '../measure.ts';
import { patiently } from '../stage/patience.ts';
import { memoryOf } from '../stage/processes.ts';
import { runOperator } from '../stage/programs.ts';
import { wantedOf, watched } from './run.ts';

/** Milliseconds after all is right; a fixed time, for garbage is collected when V8 likes. */
const AFTERWARDS = 15_000;

export const memory: Measure = async ({ stage, options, recorder }) => {
  for (let run = 0; run < options.pairs; run += 1) {
    await stage.restore('seeded');
    const completion = await watched(stage, wantedOf(stage));
    const operator = await runOperator(stage, options.parallel, false);
    await patiently('everything is right', completion.done, operator.failed);
    completion.stop();
    await delay(AFTERWARDS);
    await recorder.tell({ run, afterwards: await memoryOf(operator.pid) });
    await operator.stop();
  }
};
