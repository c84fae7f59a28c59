// How long a change takes until it has reached its namespace, and what others changed back.

import { Gauge, type Registry } from 'prom-client';
import { countersOf, histogramsOf } from './series.ts';

export type Drifted = 'secrets' | 'serviceaccounts';

export interface SyncMetrics {
  /** Seconds from the event that asked for a write until nothing was left to write. */
  synced(lag: number): void;
  /** Something that somebody else had changed was put right. */
  corrected(resource: Drifted): void;
}

const BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** `oldest` is asked at each scrape: for how many seconds the oldest change has been waiting; 0 when none does. */
export function syncMetrics(register: Registry): (oldest: () => number) => SyncMetrics {
  let oldest: () => number = () => 0;
  new Gauge({
    name: 'regcred_sync_pending_seconds',
    help: 'For how long the oldest change has been waiting that has not reached its namespace.',
    registers: [register],
    collect() {
      this.set(oldest());
    },
  });
  const lag = histogramsOf(
    register,
    {
      name: 'regcred_sync_lag_seconds',
      help: 'Time from the event that asked for a write in a namespace until all was written there, in seconds.',
      labelNames: [],
    },
    BUCKETS,
  )();
  const corrections = countersOf(register, {
    name: 'regcred_drift_corrections_total',
    help: 'Objects put right after somebody else had changed or deleted what the operator wrote.',
    labelNames: ['resource'],
  });
  const corrected = { secrets: corrections('secrets'), serviceaccounts: corrections('serviceaccounts') };
  return next => {
    oldest = next;
    return {
      synced: seconds => lag.observe(seconds),
      corrected: resource => {
        corrected[resource].value += 1;
      },
    };
  };
}
