// What the operator counts. Names and labels are those of client-go and
// controller-runtime, so that dashboards and alerts made for these fit.

import { collectDefaultMetrics, Registry } from 'prom-client';
import type { RequestSample } from './kube/client.ts';
import { type CredentialMetrics, credentialMetrics } from './metrics/credentials.ts';
import { type QueueLook, type QueueMetrics, queueMetrics } from './metrics/queues.ts';
import { type ReconcileObservation, reconcileMetrics } from './metrics/reconciles.ts';
import { buildInfo, electionMetrics, type WatchMetrics, watchMetrics } from './metrics/replica.ts';
import { requestMetrics } from './metrics/requests.ts';
import { countersOf } from './metrics/series.ts';
import { type SyncMetrics, syncMetrics } from './metrics/sync.ts';

export interface Metrics extends Omit<CredentialMetrics, 'collect'> {
  observeRequest(request: RequestSample): void;
  observeReconcile(reconcile: ReconcileObservation): void;
  /** `result` is "success" or the reason of the failure. */
  observeFetch(source: string, result: string): void;
  /** `queue` is asked at each scrape, as all that is registered. */
  registerQueue(name: string, queue: () => QueueLook): QueueMetrics;
  /** `oldest`: seconds that the oldest change has been waiting. */
  registerSync(oldest: () => number): SyncMetrics;
  /** Another replica leads: what this one knew of RegistryCredentials and changes is told no more. */
  endTerm(): void;
  /** `name` is that of what is watched. */
  registerWatch(name: string, isFollowing: () => boolean): WatchMetrics;
  /** `name` is that of the Lease. */
  registerElection(name: string, isLeader: () => boolean): void;
  /** The exposition format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Milliseconds between two looks at the event loop. The default, 10, is 6,000 wake-ups in an idle minute, 0.2 s of processor time. */
const LAG_PRECISION = 500;

export function createMetrics(version: string): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: LAG_PRECISION });
  buildInfo(register, version);
  const { collect, ...credentials } = credentialMetrics(register);
  const registerSync = syncMetrics(register);
  return {
    ...credentials,
    observeRequest: requestMetrics(register),
    observeReconcile: reconcileMetrics(register),
    observeFetch: fetchMetrics(register),
    registerQueue: queueMetrics(register),
    registerSync,
    endTerm: () => {
      credentials.registerCredentials(() => []);
      credentials.registerVerification(() => []);
      registerSync(() => 0);
    },
    registerWatch: watchMetrics(register),
    registerElection: electionMetrics(register),
    text: () => {
      collect();
      return register.metrics();
    },
    contentType: register.contentType,
  };
}

function fetchMetrics(register: Registry): Metrics['observeFetch'] {
  const total = countersOf(register, {
    name: 'regcred_source_fetch_total',
    help: 'Logins asked of sources over the network, by source and result: success, or the reason of the failure.',
    labelNames: ['source', 'result'],
  });
  return (source, result) => {
    total(source, result).value += 1;
  };
}
