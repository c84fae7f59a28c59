// What is printed of a run: of one that failed, all that is needed to see why and to play it again.

import type { Result } from './run.ts';
import type { Shrunken } from './shrink.ts';

const LAST_LINES = 25;
const LONGEST_LINE = 320;

export const replayCommand = (seed: number): string => `npm run sim -- --seed ${seed}`;

export function failureReport({ seed, violation }: Result, { schedule, result, runs }: Shrunken): string {
  const { steps, seed: _, ...rest } = schedule;
  return [
    `seed ${seed} violates: ${violation?.rule}`,
    `  ${violation?.detail}`,
    `shrunken in ${runs} runs to ${JSON.stringify(rest)} and`,
    ...steps.map(step => `  ${clipped(JSON.stringify(step))}`),
    'which ends with',
    ...result.trace.slice(-LAST_LINES).map(line => `  ${clipped(line)}`),
    `replay: ${replayCommand(seed)}`,
  ].join('\n');
}

const clipped = (line: string): string =>
  line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;

export interface Summary {
  seeds: number;
  writes: number;
  /** Virtual milliseconds. */
  time: number;
  readonly counts: Map<string, number>;
  readonly failures: { readonly seed: number; readonly rule: string; readonly detail: string }[];
}

export const emptySummary = (): Summary => ({
  seeds: 0,
  writes: 0,
  time: 0,
  counts: new Map(),
  failures: [],
});

export function addResult(summary: Summary, { seed, violation, writes, time, counts }: Result): void {
  summary.seeds++;
  summary.writes += writes;
  summary.time += time;
  addCounts(summary.counts, counts);
  if (violation !== undefined)
    summary.failures.push({ seed, rule: violation.rule, detail: violation.detail });
}

export function addSummary(summary: Summary, other: Summary): void {
  summary.seeds += other.seeds;
  summary.writes += other.writes;
  summary.time += other.time;
  addCounts(summary.counts, other.counts);
  summary.failures.push(...other.failures);
}

function addCounts(into: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [what, count] of counts) into.set(what, (into.get(what) ?? 0) + count);
}

export function summaryText({ seeds, writes, time, counts, failures }: Summary): string {
  const groups = new Map<string, string[]>();
  for (const [what, count] of [...counts].sort()) {
    const [group = '', ...rest] = what.split(' ');
    groups.set(group, [...(groups.get(group) ?? []), `${rest.join(' ')} ${count}`]);
  }
  const hours = (time / 3_600_000).toFixed(1);
  return [
    `${seeds} seeds, ${failures.length} failed; ${writes} writes of the operator in ${hours} virtual hours`,
    ...[...groups].map(([group, all]) => `  ${group}: ${all.join(', ')}`),
    ...[...byRule(failures)].map(
      ([rule, all]) => `  ${all.length} x ${rule}: seeds ${all.slice(0, 12).join(' ')}`,
    ),
  ].join('\n');
}

function byRule(failures: Summary['failures']): Map<string, number[]> {
  const rules = new Map<string, number[]>();
  for (const { seed, rule } of failures) rules.set(rule, [...(rules.get(rule) ?? []), seed]);
  return rules;
}
