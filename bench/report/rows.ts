// What the table says of each measure: which figure, in which unit, and what was aimed at.

import { figure, type Line } from './lines.ts';

export interface Row {
  readonly text: string;
  /** Undefined where a line has nothing to say. */
  readonly value: (line: Line) => number | undefined;
  readonly unit: string;
  readonly digits: number;
  readonly aim?: (line: Line) => string | undefined;
}

const row = (text: string, path: string, unit: string, digits: number, aim?: string): Row => ({
  text,
  value: line => figure(line, path),
  unit,
  digits,
  ...(aim === undefined ? {} : { aim: () => aim }),
});

const divided = (text: string, path: string, divisor: number, unit: string, digits: number): Row => ({
  text,
  value: line => {
    const value = figure(line, path);
    return value && value / divisor;
  },
  unit,
  digits,
});

/** Requests of the kind that a line counted; none is 0. */
const requests = (path: string, kind: RegExp, line: Line): number | undefined => {
  const part = path.split('.').reduce<unknown>((value, name) => (value as Line | undefined)?.[name], line);
  if (part === undefined) return undefined;
  const counts = Object.entries(part as Record<string, number>);
  return counts.filter(([name]) => kind.test(name)).reduce((sum, [, count]) => sum + count, 0);
};

/** Where processors are short it also stands still because it is not its turn: so what its thread did of it, too. */
const stallsOf = (path: string): readonly Row[] => [
  row('event loop, longest stall', `${path}.most`, 'ms', 0, '≤ 50'),
  row('event loop, most that its thread worked without a pause', `${path}.mostOwn`, 'ms', 0),
];

const RATIO = row('operator ÷ floor, pair by pair', 'ratio', '×', 2, '≤ 1.3');

const LARGEST_MEMORY: Readonly<Record<string, number>> = { '1000×1': 95, '5000×1': 110, '10000×3': 130 };

export const ROWS: Readonly<Record<string, readonly Row[]>> = {
  cold: [
    RATIO,
    divided('operator, process start → all correct', 'operator.ms', 1000, 's', 2),
    divided('floor, the same', 'floor.ms', 1000, 's', 2),
    {
      text: 'writes a namespace',
      value: line => (figure(line, 'operator.writes') ?? Number.NaN) / line.namespaces,
      unit: '',
      digits: 3,
      aim: () => '2',
    },
    {
      text: 'reads: list-watches, begun anew ones too, and the Lease',
      value: line => requests('operator.requests', /^(get|list|watch) /, line),
      unit: '',
      digits: 0,
    },
    row('process start → first write', 'operator.firstWrite', 'ms', 0, '≤ 400'),
    row('processor time of the operator', 'operator.cpu', 's', 2),
    row('processor time of API server and etcd', 'operator.serverCpu', 's', 2),
    row('the same with the floor', 'floor.serverCpu', 's', 2),
    row('status writes, most in a second', 'operator.statusWritesASecond', '', 0, '≤ 1'),
    ...stallsOf('operator.stalls'),
    row('event loop, start → its first turn', 'operator.stalls.untilFirstTurn', 'ms', 0),
  ],
  new: [
    row('p50', 'operator.p50', 'ms', 1, '≤ 6'),
    row('p99', 'operator.p99', 'ms', 1, '≤ 15'),
    row("p50 by the API server's clock", 'operator.atServer.p50', 'ms', 1),
    row("p99 by the API server's clock", 'operator.atServer.p99', 'ms', 1),
    row('p50 of the floor', 'floor.p50', 'ms', 1),
    row('p99 of the floor', 'floor.p99', 'ms', 1),
    {
      ...row('writes a namespace', 'operator.writes', '', 3),
      aim: ({ admission }) => (admission ? '1' : '2'),
    },
    row('p50 during a roll-out', 'p50', 'ms', 1),
    row('p99 during a roll-out', 'p99', 'ms', 1, '≤ 100'),
    row("p50 during it by the API server's clock", 'atServer.p50', 'ms', 1),
    row("p99 during it by the API server's clock", 'atServer.p99', 'ms', 1),
    divided('the roll-out meanwhile', 'rollOut.ms', 1000, 's', 2),
    ...stallsOf('stalls'),
  ],
  burst: [
    RATIO,
    divided('operator, first request → all correct', 'operator.ms', 1000, 's', 2),
    divided('floor, the same', 'floor.ms', 1000, 's', 2),
    row('writes a namespace', 'operator.writes', '', 3),
  ],
  rotate: [
    RATIO,
    divided('operator, change of the source → all correct', 'operator.ms', 1000, 's', 2),
    divided('floor, the same', 'floor.ms', 1000, 's', 2),
    row('writes a namespace', 'operator.writes', '', 3, '1'),
    row('Secrets whose uid changed', 'operator.uidsChanged', '', 0, '0'),
    ...stallsOf('operator.stalls'),
  ],
  repair: ['deleted Secret', 'edited Secret', 'removed reference'].flatMap(kind => [
    row(`${kind}, p50`, `repairs.${kind}.p50`, 'ms', 1, '≤ 10'),
    row(`${kind}, p99`, `repairs.${kind}.p99`, 'ms', 1),
  ]),
  restart: [
    row('process start → ready', 'ready', 'ms', 0, '≤ 1500'),
    row('writes but the Lease', 'writes', '', 0, '0'),
    row('processor time', 'cpu', 's', 2),
    ...stallsOf('stalls'),
  ],
  idle: [
    row('processor time a minute', 'cpuAMinute', 's', 3, '≤ 0.1'),
    ...[
      { text: 'requests a minute for the Lease', kind: / leases$/ },
      { text: 'requests a minute for watches', kind: /^watch / },
      { text: 'other requests a minute', kind: /^(?!watch )(?!.* leases$)/, aim: '0' },
    ].map(({ text, kind, aim }) => ({
      text,
      value: (line: Line) => (requests('requests', kind, line) ?? 0) / (figure(line, 'minutes') ?? 1),
      unit: '',
      digits: 1,
      aim: () => aim,
    })),
    row('resident memory', 'memory.resident', 'MB', 1),
  ],
  'third-write': [
    row('three writes ÷ two, pair by pair', 'ratio', '×', 2),
    divided('three writes', 'operator.ms', 1000, 's', 2),
    divided('two writes', 'floor.ms', 1000, 's', 2),
  ],
  memory: [
    {
      text: 'most at any time (VmHWM)',
      value: line => figure(line, 'afterwards.peak'),
      unit: 'MB',
      digits: 1,
      aim: ({ namespaces, accounts }) => {
        const most = LARGEST_MEMORY[`${namespaces}×${accounts}`];
        return most === undefined ? undefined : `≤ ${most}`;
      },
    },
    row('15 s after the work (VmRSS)', 'afterwards.resident', 'MB', 1),
    row("of it not Node's own files (RssAnon)", 'afterwards.anonymous', 'MB', 1),
  ],
};
