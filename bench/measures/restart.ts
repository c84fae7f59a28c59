// A restart with everything in place: when it is ready, what it asks for, and that it writes nothing.

import { setTimeout as delay } from 'node:timers/promises';
import { isReady } from '../../e2e/cluster/operator-process.ts';
import { countsOf, isWrite, requestsSince } from '../audit.ts';
import type { Measure } from '../measure.ts';
import { patiently } from '../stage/patience.ts';
import { cpuSecondsOf, memoryOf } from '../stage/processes.ts';
import { runOperator, type StartedOperator } from '../stage/programs.ts';
import { askForStalls } from '../stage/stalls.ts';
import { makeServed } from './served.ts';

/** Milliseconds between two questions whether it is ready: nothing announces that. */
const LOOK = 10;
/** Milliseconds; whatever a restart would write is written by then. */
const AFTERWARDS = 10_000;

export const restart: Measure = async ({ stage, options, recorder }) => {
  await makeServed(stage, options);
  for (let run = 0; run < options.pairs; run += 1) {
    await stage.restore('served');
    const operator = await runOperator(stage, options.parallel, true);
    await patiently('the operator is ready', untilReady(operator), operator.failed);
    const ready = Math.round(performance.now() - operator.began);
    await delay(AFTERWARDS);
    const requests = await requestsSince(stage.auditLog, operator.at);
    const writes = requests.filter(request => isWrite(request) && request.resource !== 'leases');
    await recorder.tell({
      run,
      ready,
      writes: writes.length,
      cpu: await cpuSecondsOf(operator.pid),
      stalls: await askForStalls(operator),
      memory: await memoryOf(operator.pid),
      requests: countsOf(requests),
    });
    await operator.stop();
  }
};

async function untilReady({ process, failed }: StartedOperator): Promise<void> {
  // One that has ended is never ready.
  let hasEnded = false;
  failed.catch(() => {
    hasEnded = true;
  });
  while (!hasEnded && !(await isReady(process.healthAddress))) await delay(LOOK);
}
