// One name for all time-outs: that of AbortSignal.timeout, which is not ours to choose.

const NAME = 'TimeoutError';

export function timeoutError(message: string): Error {
  return Object.assign(new Error(message), { name: NAME });
}

export const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === NAME;
