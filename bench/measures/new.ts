// New namespaces, five a second, beside what the floor takes that is told of each one when it is made;
// or with --during-rollout, while a new login goes out to all that were there before.

import { setTimeout as delay } from 'node:timers/promises';
import { isServing, requestsSince } from '../audit.ts';
import type { Measure } from '../measure.ts';
import { FLEET_PREFIX } from '../names.ts';
import type { Options } from '../options.ts';
import { patiently } from '../stage/patience.ts';
import { runFloor } from '../stage/programs.ts';
import type { Stage } from '../stage/stage.ts';
import { inFigures, lengthOf, newcomer, type Told, type Wait, waitsAtServer } from './newcomer.ts';
import { rollOut } from './roll-out.ts';
import { makeServed, operatorAtRest } from './served.ts';

/** Milliseconds from one to the next. */
const PACE = 200;

export const newNamespaces: Measure = async ({ stage, options, recorder }) => {
  await makeServed(stage, options);
  for (let run = 0; run < options.pairs; run += 1)
    await recorder.tell(
      options.duringRollout
        ? { duringRollout: true, run, ...(await during(stage, options)) }
        : { run, operator: await alone(stage, options), floor: await floor(stage, options) },
    );
};

async function alone(stage: Stage, options: Options) {
  const operator = await operatorAtRest(stage, options);
  const from = performance.timeOrigin + performance.now();
  const waits = await patiently('all are served', newcomers(stage, options.count), operator.failed);
  const writes = (await requestsSince(stage.auditLog, from)).filter(isServing);
  await operator.stop();
  const atServer = inFigures((await waitsAtServer(stage.auditLog, from)).map(lengthOf));
  return { ...inFigures(waits.map(lengthOf)), atServer, writes: writes.length / waits.length };
}

async function floor(stage: Stage, { count, parallel }: Options) {
  await stage.restore('served');
  const program = runFloor(stage, parallel, ['told']);
  await Promise.race([program.ready, program.failed]);
  const waits = await patiently('all are served', newcomers(stage, count, program.tell), program.failed);
  await program.stop();
  return inFigures(waits.map(lengthOf));
}

async function during(stage: Stage, options: Options) {
  const operator = await operatorAtRest(stage, options);
  const rolling = rollOut(stage);
  await rolling.watching;
  const from = performance.timeOrigin + performance.now();
  await stage.changeLogin(1);
  const waits = await patiently(
    'all are served',
    newcomers(stage, Number.POSITIVE_INFINITY, undefined, rolling),
    operator.failed,
  );
  rolling.stop();
  const requests = await requestsSince(stage.auditLog, from);
  await operator.stop();
  const answers = requests
    .filter(request => isServing(request) && request.namespace.startsWith(FLEET_PREFIX))
    .map(({ answered }) => answered);
  const [first, last] = [Math.min(...answers), Math.max(...answers)];
  // What came before the first write of the roll-out or was served after its last waited for nobody.
  const meanwhile = (all: readonly Wait[]): number[] =>
    all.filter(wait => wait.from >= first && wait.to <= last).map(lengthOf);
  return {
    ...inFigures(meanwhile(waits)),
    atServer: inFigures(meanwhile(await waitsAtServer(stage.auditLog, from))),
    rollOut: { ms: Math.round(last - first), writes: answers.length },
  };
}

/** So many, or until the roll-out is over. */
async function newcomers(
  { admin }: Stage,
  count: number,
  told?: Told,
  until: { readonly isOver: boolean } = { isOver: false },
): Promise<Wait[]> {
  const waits: Promise<Wait>[] = [];
  const began = performance.now();
  while (waits.length < count && !until.isOver) {
    waits.push(newcomer(admin, `newcomer-${waits.length}`, told));
    // By the clock, whatever the one before took.
    await delay(Math.max(0, began + waits.length * PACE - performance.now()));
  }
  return Promise.all(waits);
}
