// `npm run bench:overload -- [--namespaces N] [--rounds N] [--out FILE]`: how long a new namespace waits in the
// middle of a roll-out, beside what it waits on the idle operator just before. Prints JSON lines (and keeps them in FILE).

import { appendFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { OperatorProcess } from '../e2e/cluster/operator-process.ts';
import { quantile } from '../e2e/overload/latencies.ts';
import { memoryOf } from '../e2e/overload/metrics.ts';
import { Overtaking } from '../e2e/overload/overtaking.ts';
import { OwnCluster } from '../e2e/overload/own-cluster.ts';
import { bundle } from '../scripts/bundle.ts';
import { createFleet, FLEET_LABEL } from './fleet.ts';

/** Before each roll-out. */
const IDLE = 40;

const { values } = parseArgs({
  options: {
    namespaces: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '5' },
    out: { type: 'string' },
  },
});
const size = Number(values.namespaces);

const source = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url));
await bundle({ entry: source('src/main.ts'), outfile: source('dist/operator.js') });
const own = await OwnCluster.start();
try {
  console.error(`making ${size} namespaces`);
  const names = await createFleet(own.admin, size);
  await own.makeCredential(0, FLEET_LABEL);
  const operator = await own.startOperator();
  await own.untilSynced(size);
  const overtaking = new Overtaking(own, operator, FLEET_LABEL, names);
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const line = JSON.stringify(await measured(overtaking, operator));
    console.log(line);
    if (values.out !== undefined) await appendFile(values.out, `${line}\n`);
  }
  await operator.stop();
} finally {
  await own.stop();
}

async function measured(overtaking: Overtaking, operator: OperatorProcess): Promise<object> {
  const idle = await overtaking.idle(IDLE);
  const alone = await overtaking.rollOut(false);
  const { writes, milliseconds, waits, meanwhile } = await overtaking.rollOut();
  return {
    namespaces: size,
    idle: figures(idle),
    during: figures(waits),
    secretsMeanwhile: figures(meanwhile),
    rollOut: { writes, milliseconds: Math.round(milliseconds), alone: Math.round(alone.milliseconds) },
    memory: await memoryOf(operator),
    load: loadavg()[0],
    at: new Date(),
  };
}

function figures(waits: readonly number[]) {
  const at = (part: number): number => Math.round(quantile(waits, part));
  return { count: waits.length, p50: at(0.5), p99: at(0.99), longest: at(1) };
}
