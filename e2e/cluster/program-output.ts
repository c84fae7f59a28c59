// Runs a program to its end for what it prints. Its arguments may hold a credential: whoever calls decides
// how much of them an error shows.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export interface ProgramRun {
  /** How an error names it. */
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  /** For its stdin; without it stdin is empty. */
  readonly input?: string | Readable | undefined;
  readonly signal?: AbortSignal | undefined;
  /** When it is aborted the program is told so, as by Ctrl-C, and awaited as ever. */
  readonly interrupt?: AbortSignal | undefined;
  /** The whole environment; default: ours. */
  readonly env?: NodeJS.ProcessEnv;
}

/** @returns stdout. @throws with what it said on stderr. */
export async function outputOf(program: ProgramRun): Promise<string> {
  const { title, command, args, input, signal, interrupt, env = process.env } = program;
  const child = spawn(command, args, { signal, env });
  interrupt?.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
  // A program that ends before it has read its input says why on stderr.
  child.stdin.on('error', () => {});
  if (typeof input === 'object') input.pipe(child.stdin);
  else child.stdin.end(input);
  const [out, said, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  if (code === 0) return out;
  throw new Error(`could not run ${title}: ${said.trim() || `exit code ${code}`}`);
}
