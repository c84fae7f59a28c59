// Many new namespaces at once, on an operator at rest. The floor is told of each namespace and ServiceAccount the
// moment it is made, and needs no watch for that; both share the API server with whoever makes the namespaces.

import { countsOf, isServing, requestsSince } from '../audit.ts';
import type { Measure } from '../measure.ts';
import type { Options } from '../options.ts';
import { awaitCompletion } from '../stage/completion.ts';
import { inParallel } from '../stage/fleet.ts';
import { patiently } from '../stage/patience.ts';
import { runFloor, type Started } from '../stage/programs.ts';
import type { Stage } from '../stage/stage.ts';
import { makeServable, type Told } from './newcomer.ts';
import { alternately } from './pairs.ts';
import { wantedOf } from './run.ts';
import { makeServed, operatorAtRest } from './served.ts';

export const burst: Measure = async ({ stage, options, recorder }) => {
  await makeServed(stage, options);
  await alternately(
    recorder,
    options.pairs,
    async () => {
      const operator = await operatorAtRest(stage, options, true);
      return measured(stage, options, operator, () => {});
    },
    async () => {
      await stage.restore('served');
      const floor = runFloor(stage, options.parallel, ['told']);
      await Promise.race([floor.ready, floor.failed]);
      return measured(stage, options, floor, floor.tell);
    },
  );
};

/** From the first request for a namespace until the last of them is served. */
async function measured(stage: Stage, { count }: Options, program: Started, told: Told) {
  const { admin } = stage;
  const names = Array.from({ length: count }, (_, index) => `burst-${index}`);
  const completion = awaitCompletion(admin, { ...wantedOf(stage), namespaces: names, accounts: ['default'] });
  await Promise.race([completion.watching, completion.done]);
  const began = performance.now();
  const making = inParallel(names, 'new namespaces', namespace => makeServable(admin, namespace, told));
  const done = await patiently('everything is right', Promise.all([completion.done, making]), program.failed);
  completion.stop();
  const requests = await requestsSince(stage.auditLog, performance.timeOrigin + began);
  await program.stop();
  const writes = requests.filter(isServing);
  return { ms: Math.round(done[0] - began), writes: writes.length / count, requests: countsOf(requests) };
}
