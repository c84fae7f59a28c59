// How long the event loop of a process stood still, as event-loop.mjs saw it.

import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { until } from '../../e2e/cluster/until.ts';

/** Flags of Node and environment with which a process can be asked. */
export const probed = (file: string) => ({
  nodeFlags: ['--import', fileURLToPath(new URL('event-loop.mjs', import.meta.url))],
  env: { BENCH_EVENT_LOOP: file },
});

interface Seen {
  readonly untilFirstTurn: number;
  readonly longest: number;
  readonly longestWork: number;
  readonly stalls: readonly { readonly ms: number }[];
}

/**
 * How long the event loop stood still since it was asked last, or since its first turn, in milliseconds; the
 * most that its thread worked meanwhile without a pause; in how many tenths of a second it stood still for more than 20 and
 * 50; and how long it took to its first turn.
 */
export async function askForStalls({ pid, stalls: file }: { readonly pid: number; readonly stalls: string }) {
  process.kill(pid, 'SIGUSR2');
  let text = '';
  const isThere = async (): Promise<boolean> => {
    text = await readFile(file, 'utf8').catch(() => '');
    return text !== '';
  };
  await until('the process has written down its stalls', isThere, 20);
  await rm(file);
  const { untilFirstTurn, longest, longestWork, stalls } = JSON.parse(text) as Seen;
  const over = (least: number): number => stalls.filter(({ ms }) => ms > least).length;
  return {
    most: Math.round(longest),
    mostOwn: Math.round(longestWork),
    over20: over(20),
    over50: over(50),
    untilFirstTurn: Math.round(untilFirstTurn),
  };
}
