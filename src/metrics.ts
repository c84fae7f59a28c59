// What the operator counts. Names and labels are those of client-go and
// controller-runtime, so that dashboards and alerts made for these fit.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RequestSample } from './kube/client.ts';

export interface ReconcileObservation {
  readonly controller: string;
  readonly result: 'success' | 'error' | 'requeue';
  readonly seconds: number;
}

export interface QueueMetrics {
  added(): void;
  retried(): void;
}

export interface WatchMetrics {
  failed(): void;
}

export interface Metrics {
  observeRequest(request: RequestSample): void;
  observeReconcile(reconcile: ReconcileObservation): void;
  /** `result` is "success" or the reason of the failure. */
  observeFetch(source: string, result: string): void;
  /** `expiries` is asked at each scrape: RegistryCredentials, and when their first login ends in seconds since the epoch. */
  registerExpiries(expiries: () => Iterable<readonly [credential: string, seconds: number]>): void;
  /** `depth` is asked at each scrape. */
  registerQueue(name: string, depth: () => number): QueueMetrics;
  /** `isFollowing` is asked at each scrape; `name` is that of what is watched. */
  registerWatch(name: string, isFollowing: () => boolean): WatchMetrics;
  /** `isLeader` is asked at each scrape; `name` is that of the Lease. */
  registerElection(name: string, isLeader: () => boolean): void;
  /** What is asked for at each scrape; a later one takes the place of an earlier. */
  registerVerification(outcomes: () => Iterable<readonly [credential: string, outcome: string]>): void;
  /** The exposition format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
}

const REQUEST_BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];
const RECONCILE_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Milliseconds between two looks at the event loop. The default, 10, is 6,000 wake-ups in an idle minute, 0.2 s of processor time. */
const LAG_PRECISION = 500;

export function createMetrics(): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: LAG_PRECISION });
  return {
    observeRequest: requestMetrics(register),
    observeReconcile: reconcileMetrics(register),
    observeFetch: fetchMetrics(register),
    registerExpiries: expiryMetrics(register),
    registerQueue: queueMetrics(register),
    registerWatch: watchMetrics(register),
    registerElection: electionMetrics(register),
    registerVerification: verificationMetrics(register),
    text: () => register.metrics(),
    contentType: register.contentType,
  };
}

function requestMetrics(register: Registry): Metrics['observeRequest'] {
  const total = new Counter({
    name: 'rest_client_requests_total',
    help: 'Requests to the API server by verb, resource and status code.',
    labelNames: ['verb', 'resource', 'code'],
    registers: [register],
  });
  const duration = new Histogram({
    name: 'rest_client_request_duration_seconds',
    help: 'Time from sending a request to having its answer (a watch: until it is open), in seconds.',
    labelNames: ['verb', 'resource'],
    buckets: REQUEST_BUCKETS,
    registers: [register],
  });
  return ({ verb, resource, code, seconds }) => {
    total.inc({ verb, resource, code });
    duration.observe({ verb, resource }, seconds);
  };
}

function reconcileMetrics(register: Registry): Metrics['observeReconcile'] {
  const labelNames = ['controller'] as const;
  const registers = [register];
  const total = new Counter({
    name: 'controller_runtime_reconcile_total',
    help: 'Reconciles by controller and result.',
    labelNames: ['controller', 'result'],
    registers,
  });
  const errors = new Counter({
    name: 'controller_runtime_reconcile_errors_total',
    help: 'Reconciles that failed, by controller.',
    labelNames,
    registers,
  });
  const time = new Histogram({
    name: 'controller_runtime_reconcile_time_seconds',
    help: 'Time that one reconcile took, in seconds.',
    labelNames,
    buckets: RECONCILE_BUCKETS,
    registers,
  });
  return ({ controller, result, seconds }) => {
    total.inc({ controller, result });
    // Present from the first reconcile on, so that rate() sees the first error.
    errors.inc({ controller }, result === 'error' ? 1 : 0);
    time.observe({ controller }, seconds);
  };
}

function fetchMetrics(register: Registry): Metrics['observeFetch'] {
  const total = new Counter({
    name: 'regcred_source_fetch_total',
    help: 'Logins asked of sources over the network, by source and result: success, or the reason of the failure.',
    labelNames: ['source', 'result'],
    registers: [register],
  });
  return (source, result) => total.inc({ source, result });
}

function expiryMetrics(register: Registry): Metrics['registerExpiries'] {
  let expiries: Parameters<Metrics['registerExpiries']>[0] = () => [];
  new Gauge({
    name: 'regcred_credential_expiry_timestamp_seconds',
    help: 'When the first login of a RegistryCredential ends, in seconds since the epoch; told by the replica that leads.',
    labelNames: ['credential'] as const,
    registers: [register],
    collect() {
      // Of those that are gone, or have no such login any more, nothing stays.
      this.reset();
      for (const [credential, seconds] of expiries()) this.set({ credential }, seconds);
    },
  });
  return next => {
    expiries = next;
  };
}

function queueMetrics(register: Registry): Metrics['registerQueue'] {
  const labelNames = ['name'] as const;
  const registers = [register];
  const depths = new Map<string, () => number>();
  new Gauge({
    name: 'workqueue_depth',
    help: 'Keys that wait in the queue.',
    labelNames,
    registers,
    collect() {
      for (const [name, depth] of depths) this.set({ name }, depth());
    },
  });
  const adds = new Counter({ name: 'workqueue_adds_total', help: 'Keys added.', labelNames, registers });
  const retries = new Counter({
    name: 'workqueue_retries_total',
    help: 'Keys added again after a failure.',
    labelNames,
    registers,
  });
  return (name, depth) => {
    depths.set(name, depth);
    adds.inc({ name }, 0);
    retries.inc({ name }, 0);
    return { added: () => adds.inc({ name }), retried: () => retries.inc({ name }) };
  };
}

function watchMetrics(register: Registry): Metrics['registerWatch'] {
  const labelNames = ['name'] as const;
  const registers = [register];
  const watches = new Map<string, () => boolean>();
  new Gauge({
    name: 'reflector_following',
    help: '1 while what is watched is known and followed, 0 while it cannot be; all are to be 1.',
    labelNames,
    registers,
    collect() {
      for (const [name, isFollowing] of watches) this.set({ name }, isFollowing() ? 1 : 0);
    },
  });
  const failures = new Counter({
    name: 'reflector_failures_total',
    help: 'Lists and watches that failed: each is begun again.',
    labelNames,
    registers,
  });
  return (name, isFollowing) => {
    watches.set(name, isFollowing);
    failures.inc({ name }, 0);
    return { failed: () => failures.inc({ name }) };
  };
}

function electionMetrics(register: Registry): Metrics['registerElection'] {
  return (name, isLeader) => {
    new Gauge({
      name: 'leader_election_master_status',
      help: '1 for the replica that leads, 0 for one that stands by: the sum of all is to be 1.',
      labelNames: ['name'] as const,
      registers: [register],
      collect() {
        this.set({ name }, isLeader() ? 1 : 0);
      },
    });
  };
}

function verificationMetrics(register: Registry): Metrics['registerVerification'] {
  let outcomes: () => Iterable<readonly [credential: string, outcome: string]> = () => [];
  new Gauge({
    name: 'regcred_verification',
    help: 'Logins by what their registries said when they were last tried, of each RegistryCredential.',
    labelNames: ['credential', 'result'] as const,
    registers: [register],
    collect() {
      // Those that are gone go here too.
      this.reset();
      for (const [credential, result] of outcomes()) this.inc({ credential, result });
    },
  });
  return now => {
    outcomes = now;
  };
}
