// The state after the work: most measures begin where all is in place and no operator runs.

import { isReady } from '../../e2e/cluster/operator-process.ts';
import { until } from '../../e2e/cluster/until.ts';
import type { Options } from '../options.ts';
import { calm } from '../stage/calm.ts';
import { patiently } from '../stage/patience.ts';
import { cpuSecondsOf } from '../stage/processes.ts';
import { runOperator, type StartedOperator } from '../stage/programs.ts';
import type { Stage } from '../stage/stage.ts';
import { askForStalls } from '../stage/stalls.ts';
import { wantedOf, watched } from './run.ts';

/** Once: it is kept as `served`, and has to be restored. */
export async function makeServed(stage: Stage, { parallel }: Pick<Options, 'parallel'>): Promise<void> {
  if (stage.has('served')) return;
  await stage.restore('seeded');
  const completion = await watched(stage, wantedOf(stage));
  const operator = await runOperator(stage, parallel, false);
  await patiently('everything is right', completion.done, operator.failed);
  await patiently('status says so', completion.told, operator.failed);
  completion.stop();
  // It gives the Lease back: the next one finds it free.
  await operator.stop();
  await stage.keep('served');
}

/** On a fresh control plane where all is in place; it leads, and has nothing left to do. Beside a floor it has its flags (`withProbe`). */
export async function operatorAtRest(
  stage: Stage,
  { parallel }: Pick<Options, 'parallel'>,
  withProbe = false,
): Promise<StartedOperator> {
  await stage.restore('served');
  const operator = await runOperator(stage, parallel, withProbe);
  await until('the operator is ready', () => isReady(operator.process.healthAddress), 120);
  await until('the operator leads', async () => (await operator.process.logs()).includes(STARTED), 60);
  // It has looked at every namespace by then, which is no part of what is measured.
  await calm('the operator', () => cpuSecondsOf(operator.pid));
  if (withProbe) await askForStalls(operator);
  return operator;
}

const STARTED = '"message":"started"';
