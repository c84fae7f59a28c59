// A new login goes out to all namespaces, from the change of its source until every Secret has it. The floor has its
// list of the Secrets before, as the operator has, and is told when the source has changed.

import { countsOf, isServing, requestsSince } from '../audit.ts';
import type { Measure } from '../measure.ts';
import { patiently } from '../stage/patience.ts';
import { cpuSecondsOf } from '../stage/processes.ts';
import { runFloor, type Started } from '../stage/programs.ts';
import type { Stage } from '../stage/stage.ts';
import { askForStalls } from '../stage/stalls.ts';
import { alternately } from './pairs.ts';
import { wantedOf, watched } from './run.ts';
import { makeServed, operatorAtRest } from './served.ts';

/** Of the login. */
const NEXT = 1;

export const rotate: Measure = async ({ stage, options, recorder }) => {
  await makeServed(stage, options);
  await alternately(
    recorder,
    options.pairs,
    async () => {
      const operator = await operatorAtRest(stage, options, true);
      return measured(
        stage,
        operator,
        () => {},
        () => askForStalls(operator),
      );
    },
    async () => {
      await stage.restore('served');
      const floor = runFloor(stage, options.parallel, ['rotate', String(NEXT)]);
      await Promise.race([floor.ready, floor.failed]);
      return measured(stage, floor, () => floor.tell({}));
    },
  );
};

async function measured(stage: Stage, program: Started, go: () => void, stalls?: () => Promise<object>) {
  const completion = await watched(stage, { ...wantedOf(stage), accounts: [], version: NEXT });
  const [cpuBefore, serverBefore] = [await cpuSecondsOf(program.pid), await stage.serverCpu()];
  const began = performance.now();
  await stage.changeLogin(NEXT);
  go();
  const done = await patiently('everything is right', completion.done, program.failed);
  const cpu = (await cpuSecondsOf(program.pid)) - cpuBefore;
  const serverCpu = (await stage.serverCpu()) - serverBefore;
  completion.stop();
  const requests = await requestsSince(stage.auditLog, performance.timeOrigin + began);
  const stood = await stalls?.();
  await program.stop();
  return {
    ms: Math.round(done - began),
    writes: requests.filter(isServing).length / stage.fleet.namespaces,
    uidsChanged: completion.uids.changed,
    cpu: Math.round(cpu * 100) / 100,
    serverCpu: Math.round(serverCpu * 100) / 100,
    ...(stood && { stalls: stood }),
    requests: countsOf(requests),
  };
}
