// How long the event loop of a process stood still, as event-loop.mjs saw it.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { until } from '../../e2e/cluster/until.ts';

/** Milliseconds since the epoch at which it was noticed, at most 100 ms late, and how long it was. */
interface Stall {
  readonly at: number;
  readonly ms: number;
}

/** The longest, in milliseconds. */
export interface Stalls {
  /** Before the first request: the program is being read. */
  readonly loading: number;
  readonly working: number;
}

/** Flags of Node and environment with which a process can be asked. */
export const probed = (file: string) => ({
  nodeFlags: ['--import', fileURLToPath(new URL('event-loop.mjs', import.meta.url))],
  env: { BENCH_EVENT_LOOP: file },
});

/** @param loaded milliseconds since the epoch of its first request */
export async function askForStalls(pid: number, file: string, loaded: number): Promise<Stalls> {
  process.kill(pid, 'SIGUSR2');
  let text = '';
  const isThere = async (): Promise<boolean> => {
    text = await readFile(file, 'utf8').catch(() => '');
    return text !== '';
  };
  await until('the process has written down its stalls', isThere, 20);
  const stalls = JSON.parse(text) as Stall[];
  const longest = (some: Stall[]): number => Math.round(Math.max(0, ...some.map(({ ms }) => ms)));
  const isLoading = ({ at, ms }: Stall): boolean => at - ms <= loaded;
  return {
    loading: longest(stalls.filter(isLoading)),
    working: longest(stalls.filter(stall => !isLoading(stall))),
  };
}
