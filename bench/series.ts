// What `npm run bench -- all` measures, and in which order: a control plane is filled once for all that needs the
// same namespaces.

import type { MeasureName } from './measures/measures.ts';
import type { Options } from './options.ts';
import type { Fleet } from './stage/fleet.ts';

export interface Series {
  readonly fleet: Partial<Fleet>;
  readonly measures: readonly (readonly [MeasureName, Partial<Options>])[];
}

/**
 * Reckoned at 65 minutes on two quiet processors, of which 10,000 namespaces take more than half. What is cut for that: burst,
 * repair and admission are measured with 1,000 only, and the sizes that only the plots need have 2 or 3 pairs. With `--out` of
 * the same file, single measures with more pairs are added to the series afterwards.
 */
export const FULL: readonly Series[] = [
  {
    fleet: { namespaces: 1000 },
    measures: [
      ['cold', { pairs: 10 }],
      ['new', { pairs: 3, count: 200 }],
      ['burst', { pairs: 10, count: 200 }],
      ['rotate', { pairs: 10 }],
      ['third-write', { pairs: 5 }],
      ['repair', { pairs: 1, count: 100 }],
      ['restart', { pairs: 3 }],
      ['memory', { pairs: 3 }],
    ],
  },
  {
    fleet: { namespaces: 1000, credentials: 50 },
    measures: [
      ['cold', { pairs: 3 }],
      ['rotate', { pairs: 2 }],
    ],
  },
  {
    fleet: { namespaces: 10_000, credentials: 50 },
    measures: [['restart', { pairs: 2 }]],
  },
  { fleet: { namespaces: 300 }, measures: [['cold', { pairs: 3 }]] },
  { fleet: { namespaces: 3000 }, measures: [['cold', { pairs: 2 }]] },
  { fleet: { namespaces: 5000 }, measures: [['memory', { pairs: 2 }]] },
  { fleet: { namespaces: 10_000, accounts: 3 }, measures: [['memory', { pairs: 1 }]] },
  { fleet: { namespaces: 1000, foreign: 20_000 }, measures: [['memory', { pairs: 2 }]] },
  { fleet: { namespaces: 1000, admission: true }, measures: [['new', { pairs: 1, count: 100 }]] },
  // The longest last: whoever cannot wait for it has all the others.
  {
    fleet: { namespaces: 10_000 },
    measures: [
      ['restart', { pairs: 3 }],
      ['new', { pairs: 3, count: 200 }],
      ['new', { pairs: 3, duringRollout: true }],
      ['idle', { minutes: 10 }],
      ['cold', { pairs: 10 }],
      ['rotate', { pairs: 10 }],
    ],
  },
];

/** Reckoned at 7 minutes: to see whether a change is worth the full series. */
export const QUICK: readonly Series[] = [
  {
    fleet: { namespaces: 1000 },
    measures: [
      ['cold', { pairs: 3 }],
      ['new', { pairs: 1, count: 50 }],
      ['burst', { pairs: 2, count: 200 }],
      ['rotate', { pairs: 2 }],
      ['repair', { pairs: 1, count: 20 }],
      ['restart', { pairs: 1 }],
      ['idle', { minutes: 0.5 }],
      ['memory', { pairs: 1 }],
    ],
  },
  {
    fleet: { namespaces: 3000 },
    measures: [
      ['cold', { pairs: 2 }],
      ['new', { pairs: 1, duringRollout: true }],
    ],
  },
];
