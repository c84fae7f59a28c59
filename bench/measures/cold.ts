// A cold start: all namespaces are there and nothing is served, and the Lease is free. Beside the floor, which
// starts as a process, lists and writes likewise; who goes first alternates, so that a drift hits both alike.

import type { Measure } from '../measure.ts';
import { coldFloor, coldOperator } from './run.ts';

export const cold: Measure = async ({ stage, options, recorder }) => {
  for (let pair = 0; pair < options.pairs; pair += 1) {
    const isFirst = pair % 2 === 0;
    const early = isFirst ? undefined : await coldFloor(stage, options);
    const operator = await coldOperator(stage, options);
    const floor = early ?? (await coldFloor(stage, options));
    const ratio = Math.round((operator.ms / floor.ms) * 1000) / 1000;
    await recorder.tell({ pair, ratio, operator, floor });
  }
};
