// `npm run sim -- --seeds N --from S` runs many seeds, `--seed S` one of them and prints all of it.

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runMany } from './many.ts';
import { randomSchedule } from './random-schedule.ts';
import { failureReport, summaryText } from './report.ts';
import { run } from './run.ts';
import { shrink } from './shrink.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    threads: { type: 'string', default: String(availableParallelism()) },
    /** Ends with the first failure, and tells it in one line. */
    first: { type: 'boolean', default: false },
    /** How many failures are shrunk and printed. */
    show: { type: 'string', default: '3' },
  },
});

if (values.seed === undefined) await several();
else await one(Number(values.seed));

async function one(seed: number): Promise<void> {
  const result = await run(randomSchedule(seed));
  console.log(result.trace.join('\n'));
  console.log(
    `seed ${seed}: trace ${result.hash}, ${result.writes} writes, ${result.time / 1000} virtual seconds`,
  );
  if (result.violation === undefined) return;
  await explain(seed);
  process.exitCode = 1;
}

async function several(): Promise<void> {
  const began = performance.now();
  const [from, seeds, threads] = [values.from, values.seeds, values.threads].map(Number) as [
    number,
    number,
    number,
  ];
  const summary = await runMany({ from, seeds, threads, stopsAtFirst: values.first });
  if (values.first) {
    const [first] = summary.failures;
    console.log(JSON.stringify({ seeds: summary.seeds, ...first }));
    if (first !== undefined) process.exitCode = 1;
    return;
  }
  for (const { seed } of summary.failures.slice(0, Number(values.show))) await explain(seed);
  console.log(summaryText(summary));
  console.log(`${((performance.now() - began) / 1000).toFixed(1)} s`);
  if (summary.failures.length > 0) process.exitCode = 1;
}

async function explain(seed: number): Promise<void> {
  const schedule = randomSchedule(seed);
  const result = await run(schedule);
  console.log(failureReport(result, await shrink(schedule, result)));
}
