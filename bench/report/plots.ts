// Cost against the number of namespaces, from the same lines as the table.

import { spreadOf } from '../median.ts';
import { figure, groupsOf, type Line } from './lines.ts';
import { type Point, svgOf } from './svg-plot.ts';

type Value = (line: Line) => number | undefined;

interface Wanted {
  readonly file: string;
  readonly measure: string;
  readonly title: string;
  readonly y: string;
  readonly series: readonly (readonly [name: string, value: Value])[];
  /** Default: namespaces. */
  readonly x?: readonly [name: string, value: (line: Line) => number];
}

const part =
  (path: string, by: (line: Line) => number = () => 1): Value =>
  line => {
    const value = figure(line, path);
    return value && value / by(line);
  };

const pair = (by: (line: Line) => number): Wanted['series'] => [
  ['operator', part('operator.ms', by)],
  ['floor', part('floor.ms', by)],
];

const WANTED: readonly Wanted[] = [
  {
    file: 'cold.svg',
    measure: 'cold',
    title: 'Cold start, process start → all correct',
    y: 'seconds',
    series: pair(() => 1000),
  },
  {
    file: 'cold-per-namespace.svg',
    measure: 'cold',
    title: 'Cold start, for each namespace',
    y: 'milliseconds',
    series: pair(line => line.namespaces),
  },
  {
    file: 'rotate.svg',
    measure: 'rotate',
    title: 'A new login, change of the source → all correct',
    y: 'seconds',
    series: pair(() => 1000),
  },
  {
    file: 'new.svg',
    measure: 'new',
    title: 'A new namespace, ServiceAccount created → served',
    y: 'milliseconds',
    series: [
      ['p50', part('operator.p50')],
      ['p99', part('operator.p99')],
    ],
  },
  {
    file: 'memory.svg',
    measure: 'memory',
    title: 'Memory of a cold start',
    y: 'MB',
    series: [
      ['most at any time', part('afterwards.peak')],
      ['15 s afterwards', part('afterwards.resident')],
    ],
    x: ['ServiceAccounts', ({ namespaces, accounts }) => namespaces * accounts],
  },
];

const NAMESPACES: NonNullable<Wanted['x']> = ['namespaces', line => line.namespaces];

/** Name of the file -> its text. Those with fewer than two sizes are left out: there would be nothing to see. */
export function plotsOf(lines: readonly Line[]): Map<string, string> {
  const plain = lines.filter(
    ({ foreign, admission, duringRollout, credentials = 1 }) =>
      foreign === 0 && !admission && !duringRollout && credentials === 1,
  );
  const plots = new Map<string, string>();
  for (const { file, measure, title, y, x = NAMESPACES, series } of WANTED) {
    const own = plain.filter(line => line.measure === measure);
    const shown = series.map(([name, value]) => ({ name, points: pointsOf(own, value, x[1]) }));
    if (shown.some(({ points }) => points.length > 1))
      plots.set(file, svgOf({ title, x: x[0], y, series: shown }));
  }
  return plots;
}

/** One for each size: the median of its runs, and their range. */
function pointsOf(lines: readonly Line[], value: Value, x: (line: Line) => number): Point[] {
  return groupsOf(lines).flatMap((group): Point[] => {
    const values = group.map(value).filter(each => each !== undefined);
    if (values.length === 0) return [];
    const { median, least, most } = spreadOf(values);
    return [{ x: x(group[0]), y: median, least, most }];
  });
}
