// Runs the bundle as a person would who got something wrong, until it ends or has said what is wrong.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const BUNDLE = fileURLToPath(new URL('../../dist/operator.js', import.meta.url));

/** Milliseconds. */
const LONGEST = 15_000;

export interface Start {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What it has to say; then it is told to end, if it does not end by itself. */
  readonly says: RegExp;
}

/** Resolves to all that it wrote. */
export async function runBundle({ args, env = {}, says }: Start): Promise<string> {
  const child = spawn(process.execPath, [BUNDLE, ...args], {
    env: { PATH: process.env.PATH, ...env },
    timeout: LONGEST,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (says.test(said)) child.kill('SIGTERM');
    });
  await once(child, 'close');
  return said;
}
