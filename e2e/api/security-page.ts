// The tables of docs/security.md.

import { readFileSync } from 'node:fs';
import type { Right } from './granted-rights.ts';

const PAGE = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');

/** The cells of all rows of the tables in a section, without the heads. */
export function rows(section: string): string[][] {
  const text = PAGE.split(/^## /m).find(part => part.startsWith(section)) ?? '';
  const lines = text.split('\n').filter(line => line.startsWith('|'));
  const cells = lines.map(line =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map(cell => cell.trim()),
  );
  return cells.filter((_, at) => !isRule(lines[at]) && !isRule(lines[at + 1]));
}
const isRule = (line = ''): boolean => /^\|[ -]+\|/.test(line) && !/\w/.test(line);

/** The first cells of its row. */
export const cellsOf = ({ namespace, group, resource, name, verb }: Right): string[] => [
  namespace === '' ? 'everywhere' : `\`${namespace}\``,
  `\`${resource}${group && `.${group}`}\``,
  name && `\`${name}\``,
  `\`${verb}\``,
];
