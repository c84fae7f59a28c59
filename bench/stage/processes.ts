// What Linux says of a process in /proc: memory, and processor time. Elsewhere it is not known (NaN).

import { readFile } from 'node:fs/promises';

/** Ticks a second in which /proc counts: the same on every Linux that Node runs on. */
const TICKS = 100;

/** Megabytes of 10^6 bytes. */
export interface Memory {
  /** VmHWM: the most that was resident at any time. */
  readonly peak: number;
  readonly resident: number;
  /** Of it, what is no file's page: those of Node's own program can be shared by several processes. */
  readonly anonymous: number;
}

export async function memoryOf(pid: number): Promise<Memory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const megabytes = (field: string): number => {
    const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    return kibibytes === undefined ? Number.NaN : Math.round(Number(kibibytes) * 10.24) / 1e4;
  };
  return { peak: megabytes('VmHWM'), resident: megabytes('VmRSS'), anonymous: megabytes('RssAnon') };
}

/** Seconds of processor time, of all its threads, since it began. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name of the program, in parentheses, may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
