// A restart with everything in place: when it is ready, what it asks for, and that it writes nothing.

import { setTimeout as delay } from 'node:timers/promises';
import { isReady } from '../../e2e/cluster/operator-process.ts';
import { countsOf, isWrite, requestsSince } from '../audit.ts';
import type { Measure } from '../measure.ts';
import { cpuSecondsOf, memoryOf } from '../stage/processes.ts';
import { runOperator } from '../stage/programs.ts';
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
    while (!(await Promise.race([isReady(operator.process.healthAddress), operator.failed])))
      await delay(LOOK);
    const ready = Math.round(performance.now() - operator.began);
    await delay(AFTERWARDS);
    const requests = await requestsSince(stage.auditLog, operator.at);
    const writes = requests.filter(request => isWrite(request) && request.resource !== 'leases');
    await recorder.tell({
      run,
      ready,
      writes: writes.length,
      cpu: await cpuSecondsOf(operator.pid),
      stalls: await askForStalls(operator.pid, operator.stalls),
      memory: await memoryOf(operator.pid),
      requests: countsOf(requests),
    });
    await operator.stop();
  }
};
