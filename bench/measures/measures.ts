// All that can be measured, by the name that is typed.

import type { Measure } from '../measure.ts';
import { burst } from './burst.ts';
import { cold } from './cold.ts';
import { idle } from './idle.ts';
import { memory } from './memory.ts';
import { newNamespaces } from './new.ts';
import { repair } from './repair.ts';
import { restart } from './restart.ts';
import { rotate } from './rotate.ts';
import { thirdWrite } from './third-write.ts';

export const MEASURES = {
  cold,
  new: newNamespaces,
  burst,
  rotate,
  repair,
  restart,
  idle,
  memory,
  'third-write': thirdWrite,
} satisfies Record<string, Measure>;

export type MeasureName = keyof typeof MEASURES;

export const isMeasure = (name: string): name is MeasureName => Object.hasOwn(MEASURES, name);
