// Runs the seeds that it is handed, in a thread of its own: one thread uses one core.

import { parentPort } from 'node:worker_threads';
import { randomSchedule } from './random-schedule.ts';
import { addResult, emptySummary } from './report.ts';
import { run } from './run.ts';

export interface Batch {
  readonly from: number;
  readonly seeds: number;
}

parentPort?.on('message', async ({ from, seeds }: Batch) => {
  const summary = emptySummary();
  for (let seed = from; seed < from + seeds; seed++) addResult(summary, await run(randomSchedule(seed)));
  parentPort?.postMessage(summary);
});
