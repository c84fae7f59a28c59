// What ends a command: one clear line and an exit code, never a stack trace.

import { ApiError, TransportError } from '../kube/errors.ts';
import { KubeConfigError } from '../kube/kube-config.ts';

/** docs/kubectl-regcred.md has them too. */
export const EXIT = {
  /** Done, and nothing is wrong or to be changed. */
  ok: 0,
  /** It could not be done: no cluster, not allowed, not there. */
  failed: 1,
  /** `plan`: there are changes. */
  changes: 2,
  /** `explain` and `status`: done, and something has to be mended. */
  problem: 3,
  /** What was written on the command line cannot be understood (EX_USAGE). */
  usage: 64,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT.failed, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}

/** The line to be printed, and what to exit with. */
export function failureOf(error: unknown): { readonly message: string; readonly exitCode: ExitCode } {
  if (error instanceof CommandError) return { message: oneLine(error.message), exitCode: error.exitCode };
  return { message: oneLine(messageOf(error)), exitCode: EXIT.failed };
}

function messageOf(error: unknown): string {
  if (error instanceof ApiError && error.code === 401)
    return `the API server does not take these credentials (${error.message}): log in again, or choose another --context`;
  if (error instanceof ApiError) return error.message;
  if (error instanceof TransportError || error instanceof KubeConfigError || error instanceof RangeError)
    return error.message;
  // A mistake of ours; its message could quote anything.
  return `a mistake of kubectl-regcred: ${error instanceof Error ? error.name : typeof error}`;
}

export const oneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');
