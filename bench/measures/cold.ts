// A cold start: all namespaces are there and nothing is served, and the Lease is free. Beside the floor, which
// starts as a process, lists and writes likewise.

import type { Measure } from '../measure.ts';
import { alternately } from './pairs.ts';
import { coldFloor, coldOperator } from './run.ts';

export const cold: Measure = ({ stage, options, recorder }) =>
  alternately(
    recorder,
    options.pairs,
    () => coldOperator(stage, options),
    () => coldFloor(stage, options),
  );
