// The figures of a series as one table in Markdown: each with its median, how far the runs lie apart, and the aim.

import { spreadOf } from '../median.ts';
import { type Group, groupsOf, type Line, settingOf } from './lines.ts';
import { ROWS, type Row } from './rows.ts';

const TITLES: Readonly<Record<string, string>> = {
  cold: 'cold start',
  new: 'new namespaces, 5 a second',
  burst: 'burst of new namespaces',
  rotate: 'rotation',
  repair: 'repair',
  restart: 'restart, all in place',
  idle: 'idle',
  memory: 'memory of a cold start',
  'third-write': 'floor of three writes beside one of two',
};

export function tableOf(lines: readonly Line[]): string {
  const head = ['measure', 'namespaces', 'median', 'least – most', 'runs', 'aim'];
  const rows = groupsOf(lines).flatMap(rowsOf);
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

function rowsOf(group: Group): string[][] {
  const [line] = group;
  return (ROWS[line.measure] ?? [])
    .map(row => cellsOf(row, group))
    .filter(cells => cells !== undefined)
    .map(([text = '', ...cells]) => [
      `${TITLES[line.measure] ?? line.measure}: ${text}`,
      settingOf(line),
      ...cells,
    ]);
}

function cellsOf({ text, value, unit, digits, aim }: Row, group: Group): string[] | undefined {
  const values = group.map(value).filter(each => each !== undefined);
  if (values.length === 0) return undefined;
  const { median, least, most } = spreadOf(values);
  const shown = (number: number): string => number.toFixed(digits);
  const withUnit = (figures: string): string => (unit === '' ? figures : `${figures} ${unit}`);
  const spread = values.length > 1 ? withUnit(`${shown(least)} – ${shown(most)}`) : '';
  return [text, withUnit(shown(median)), spread, String(values.length), aim?.(group[0]) ?? ''];
}
