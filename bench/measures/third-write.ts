// What it costs that lists of ServiceAccounts are left to their owners: the floor with that write, beside the floor
// without it. Nobody but the floor would leave it out (docs/adr/0009).

import type { Measure } from '../measure.ts';
import { alternately } from './pairs.ts';
import { coldFloor } from './run.ts';

export const thirdWrite: Measure = ({ stage, options, recorder }) =>
  alternately(
    recorder,
    options.pairs,
    () => coldFloor(stage, options),
    () => coldFloor(stage, options, 'two-writes'),
  );
