// For tests of what is done rather than of what is counted.

import type { Metrics } from '../metrics.ts';

export const NO_QUEUE_METRICS = {
  added: () => undefined,
  started: () => undefined,
  finished: () => undefined,
  retried: () => undefined,
};

export const NO_METRICS: Omit<Metrics, 'text' | 'contentType' | 'observeRequest'> = {
  observeFetch: () => undefined,
  observeReconcile: () => undefined,
  registerCredentials: () => undefined,
  registerVerification: () => undefined,
  registerQueue: () => NO_QUEUE_METRICS,
  registerSync: () => ({ synced: () => undefined, corrected: () => undefined }),
  endTerm: () => undefined,
  registerWatch: () => ({ failed: () => undefined }),
  registerElection: () => undefined,
};
