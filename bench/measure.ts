// What every measure is given.

import type { Options } from './options.ts';
import type { Recorder } from './record.ts';
import type { Stage } from './stage/stage.ts';

export interface MeasureContext {
  readonly stage: Stage;
  readonly options: Options;
  readonly recorder: Recorder;
}

export type Measure = (context: MeasureContext) => Promise<void>;
