// The figures as they are kept: one JSON object a line, and lines of the same setting belong together.

import { readFile } from 'node:fs/promises';

/** Where and with what it was measured. */
export interface About {
  readonly cpus: string;
  readonly memory: string;
  readonly node: string;
  readonly kubernetes: string;
  readonly commit: string;
}

export interface Line {
  readonly measure: string;
  readonly namespaces: number;
  readonly accounts: number;
  /** Absent in older ones: 1. */
  readonly credentials?: number;
  readonly foreign: number;
  readonly parallel: number;
  readonly admission: boolean;
  readonly duringRollout?: boolean;
  readonly load: number;
  readonly at: string;
  readonly about: About;
  readonly [figure: string]: unknown;
}

/** Lines of one measure and one setting; never empty. */
export type Group = readonly [Line, ...Line[]];

export async function readLines(file: URL | string): Promise<Line[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(line => line !== '');
  return lines.map(line => JSON.parse(line) as Line);
}

export function groupsOf(lines: readonly Line[]): Group[] {
  const groups = new Map<string, [Line, ...Line[]]>();
  for (const line of lines) {
    const key = JSON.stringify([line.measure, line.duringRollout ?? false, settingOf(line), line.parallel]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  return [...groups.values()];
}

/** "10,000 × 3, 20,000 foreign Secrets". */
export function settingOf({ namespaces, accounts, credentials = 1, foreign, admission }: Line): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  return [
    accounts === 1 ? count(namespaces) : `${count(namespaces)} × ${accounts}`,
    ...(credentials > 1 ? [`${credentials} RegistryCredentials`] : []),
    ...(foreign > 0 ? [`${count(foreign)} foreign Secrets`] : []),
    ...(admission ? ['admission policy'] : []),
  ].join(', ');
}

/** A number anywhere in a line, such as `operator.memory.peak`; undefined when it is not there. */
export function figure(line: Line, path: string): number | undefined {
  let value: unknown = line;
  for (const part of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[part];
  return typeof value === 'number' ? value : undefined;
}
