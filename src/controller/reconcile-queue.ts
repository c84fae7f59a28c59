// A queue whose keys are reconciled: each run is timed and counted, and a mistake of
// ours in one of them is told and tried again, so that the other keys go on.

import type { Clock, Random } from '../clock.ts';
import type { Priority } from '../kube/limiter.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { WorkQueue } from './work-queue.ts';

export interface ReconcileQueueContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'observeReconcile' | 'registerQueue'>;
}

export interface ReconcileQueueOptions {
  /** Of the keys, such as "namespace"; also for metrics. */
  readonly name: string;
  readonly workers: number;
  /** As of WorkQueue. */
  readonly urgentWorkers?: number;
  /** Milliseconds. */
  readonly backoff: { readonly first: number; readonly most: number };
  /** `requeue` when it has added the key again itself. */
  readonly reconcile: (key: string, priority: Priority) => Promise<'success' | 'requeue'>;
}

export function reconcileQueue(
  { name, reconcile, ...options }: ReconcileQueueOptions,
  { clock, random, log, metrics }: ReconcileQueueContext,
): WorkQueue {
  const handle = async (key: string, priority: Priority): Promise<void> => {
    const began = clock.monotonic();
    const result = await reconcile(key, priority).catch((error: unknown) => {
      // Not something the cluster can do to us: what can go wrong there is a value.
      log.error('could not reconcile', { [name]: key, error });
      queue.addRateLimited(key);
      return 'error' as const;
    });
    metrics.observeReconcile({ controller: name, result, seconds: (clock.monotonic() - began) / 1000 });
  };
  const counts = metrics.registerQueue(name, () => queue);
  const queue: WorkQueue = new WorkQueue({ ...options, clock, random, metrics: counts, handle });
  return queue;
}
