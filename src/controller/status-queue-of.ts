// The queue of those whose status is to be told, and what is told of each.

import type { LoopsOptions } from './loops-options.ts';
import { StatusQueue } from './status-queue.ts';
import { type StatusContext, writeStatus } from './status-writer.ts';

export function statusQueueOf(
  { clock, random, metrics, log }: LoopsOptions,
  context: () => Omit<StatusContext, 'clock'>,
): StatusQueue {
  const queue: StatusQueue = new StatusQueue({
    clock,
    random,
    metrics: metrics.registerQueue('status', () => queue),
    write: (credential, since) => writeStatus(credential, since, { ...context(), clock }),
    onError: (credential, error) => log.warn('could not write status', { credential, error }),
  });
  return queue;
}
