// How long the event loop of a process stood still, as event-loop.mjs saw it.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { until } from '../../e2e/cluster/until.ts';

/** Flags of Node and environment with which a process can be asked. */
export const probed = (file: string) => ({
  nodeFlags: ['--import', fileURLToPath(new URL('event-loop.mjs', import.meta.url))],
  env: { BENCH_EVENT_LOOP: file },
});

/** How long the event loop stood still: the longest in milliseconds, and tenths of a second with one over 20 and 50. */
export async function askForStalls(pid: number, file: string) {
  process.kill(pid, 'SIGUSR2');
  let text = '';
  const isThere = async (): Promise<boolean> => {
    text = await readFile(file, 'utf8').catch(() => '');
    return text !== '';
  };
  await until('the process has written down its stalls', isThere, 20);
  const stalls = JSON.parse(text) as { ms: number }[];
  const over = (least: number): number => stalls.filter(({ ms }) => ms > least).length;
  return {
    longest: Math.round(Math.max(0, ...stalls.map(({ ms }) => ms))),
    over20: over(20),
    over50: over(50),
  };
}
