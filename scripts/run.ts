// Runs one of the programs that the scripts are made of, in sight, to its end.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Ended {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** Somebody pressed Ctrl-C or ended us: nothing more is to be started. */
  readonly interrupted: boolean;
}

/**
 * Node with these arguments. A signal that reaches us is waited out, not obeyed: the
 * program has its own things to clean up, and its end is ours.
 */
export async function runNode(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  let interrupted = false;
  const interrupt = (signal: NodeJS.Signals) => {
    interrupted = true;
    // Ctrl-C has gone to the whole process group already.
    if (signal === 'SIGTERM') child.kill(signal);
  };
  process.on('SIGTERM', interrupt).on('SIGINT', interrupt);
  try {
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { exitCode, interrupted };
  } finally {
    process.off('SIGTERM', interrupt).off('SIGINT', interrupt);
  }
}
