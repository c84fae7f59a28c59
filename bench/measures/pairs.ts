// Runs of operator and floor next to each other in time: the machine is noisy, and what counts is their ratio. Who
// goes first alternates, so that a drift hits both alike.

import type { Recorder } from '../record.ts';

export async function alternately<O extends { ms: number }, F extends { ms: number }>(
  recorder: Recorder,
  pairs: number,
  runOperator: () => Promise<O>,
  runFloor: () => Promise<F>,
): Promise<void> {
  for (let pair = 0; pair < pairs; pair += 1) {
    const { operator, floor } = await inTurn(pair, runOperator, runFloor);
    const ratio = Math.round((operator.ms / floor.ms) * 1000) / 1000;
    await recorder.tell({ pair, ratio, operator, floor });
  }
}

export async function inTurn<O extends object, F extends object>(
  pair: number,
  runOperator: () => Promise<O>,
  runFloor: () => Promise<F>,
): Promise<{ operator: O; floor: F }> {
  const early = pair % 2 === 0 ? undefined : await runFloor();
  const operator = await runOperator();
  return { operator, floor: early ?? (await runFloor()) };
}
