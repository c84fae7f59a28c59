// Waits for what programs are there for, and gives up at once when one of them has ended: what it wrote
// last says why.

import { readFile } from 'node:fs/promises';
import { until } from './until.ts';
import type { RunningProgram } from './watchdog.ts';

/** Lines of a log that fit on a screen. */
const TAIL = 15;

export async function untilRunning(
  programs: readonly RunningProgram[],
  what: string,
  holds: () => Promise<boolean>,
  seconds: number,
): Promise<void> {
  const look = async () => {
    for (const program of programs) {
      const exit = program.exit();
      if (exit === undefined) continue;
      throw new Error(
        `${program.name} ended (${exit.signal ?? `exit code ${exit.code}`}) before ${what}:\n${await tailOf(program.log)}`,
      );
    }
    return holds();
  };
  await until(what, look, seconds);
}

export async function tailOf(log: string): Promise<string> {
  return (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-TAIL).join('\n');
}
