// New namespaces, five a second, beside what the floor takes that is told of each one when it is made;
// or with --during-rollout, while a new login goes out to all that were there before.

import { setTimeout as delay } from 'node:timers/promises';
import { isDone, isServing, requestsSince } from '../audit.ts';
import type { Measure } from '../measure.ts';
import { FLEET_PREFIX } from '../names.ts';
import type { Options } from '../options.ts';
import { patiently } from '../stage/patience.ts';
import { runFloor } from '../stage/programs.ts';
import type { Stage } from '../stage/stage.ts';
import { askForStalls } from '../stage/stalls.ts';
import { inFigures, lengthOf, newcomer, type Told, type Wait, waitsAtServer } from './newcomer.ts';
import { inTurn } from './pairs.ts';
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
        : {
            run,
            ...(await inTurn(
              run,
              () => alone(stage, options),
              () => floor(stage, options),
            )),
          },
    );
};

async function alone(stage: Stage, options: Options) {
  const operator = await operatorAtRest(stage, options, true);
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
  const operator = await operatorAtRest(stage, options, true);
  const rolling = rollOut(stage);
  await rolling.watching;
  const from = performance.timeOrigin + performance.now();
  await stage.changeLogin(1);
  const coming = newcomers(stage, Number.POSITIVE_INFINITY, undefined, rolling);
  const waits = await patiently('all are served', coming, operator.failed).finally(rolling.stop);
  const requests = await requestsSince(stage.auditLog, from);
  const stalls = await askForStalls(operator);
  await operator.stop();
  const answers = requests
    .filter(request => isServing(request) && isDone(request) && request.namespace.startsWith(FLEET_PREFIX))
    .map(({ answered }) => answered);
  const [first, last] = [Math.min(...answers), Math.max(...answers)];
  // Also those that were served after its end: nobody waited longer.
  const meanwhile = (all: readonly Wait[]): number[] => {
    const lengths = all.filter(wait => wait.from >= first && wait.from <= last).map(lengthOf);
    if (lengths.length === 0) throw new Error('no new namespace came during the roll-out');
    return lengths;
  };
  return {
    stalls,
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
    const wait = newcomer(admin, `newcomer-${waits.length}`, told);
    // Told below, or by whoever lost patience.
    wait.catch(() => {});
    waits.push(wait);
    // By the clock, whatever the one before took.
    await delay(Math.max(0, began + waits.length * PACE - performance.now()));
  }
  return Promise.all(waits);
}
