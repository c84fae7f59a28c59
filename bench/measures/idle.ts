// What the operator costs while there is nothing to do: requests by the audit log, and processor time.

import { setTimeout as delay } from 'node:timers/promises';
import { countsOf, requestsSince } from '../audit.ts';
import type { Measure } from '../measure.ts';
import { cpuSecondsOf, memoryOf } from '../stage/processes.ts';
import { makeServed, operatorAtRest } from './served.ts';

/** Milliseconds after the start; then the work of starting is over. */
const SETTLING = 20_000;

export const idle: Measure = async ({ stage, options, recorder }) => {
  await makeServed(stage, options);
  const operator = await operatorAtRest(stage, options);
  await delay(SETTLING);
  const from = performance.timeOrigin + performance.now();
  const before = await cpuSecondsOf(operator.pid);
  await delay(options.minutes * 60_000);
  const cpu = (await cpuSecondsOf(operator.pid)) - before;
  const requests = countsOf(await requestsSince(stage.auditLog, from));
  await recorder.tell({
    minutes: options.minutes,
    cpuAMinute: Math.round((cpu / options.minutes) * 1000) / 1000,
    requests,
    memory: await memoryOf(operator.pid),
  });
  await operator.stop();
};
