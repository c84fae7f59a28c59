// One replica of the operator: all follow the cluster, and the one that holds the Lease writes.

import { GROUP, KIND, LEASE, REPORTING_CONTROLLER, VERSION } from './api/names.ts';
import type { Config } from './config.ts';
import { Controller, type ControllerOptions } from './controller/controller.ts';
import type { HttpKubeClient } from './kube/client.ts';
import { EventRecorder } from './kube/event-recorder.ts';
import type { KubeClient } from './kube/kube-client.ts';
import { LeaderElection, type LeaderElectionOptions } from './kube/lease-election.ts';
import { LeaderOnlyClient } from './kube/lease-gate.ts';
import type { Metrics } from './metrics.ts';
import type { CheckOptions, LoginToCheck } from './registry/check-login.ts';
import { LoginChecks } from './registry/login-checks.ts';
import type { Verdict } from './registry/verdict.ts';

export interface ReplicaParts
  extends Pick<ControllerOptions, 'clock' | 'random' | 'log' | 'redactor' | 'ask'>,
    Pick<LeaderElectionOptions, 'identity'> {
  readonly metrics: ControllerOptions['metrics'] & Pick<Metrics, 'registerElection'>;
  /** Tries a login at its registry, until the signal says that nobody waits any more. */
  readonly checkLogin: (login: LoginToCheck, options: CheckOptions) => Promise<Verdict>;
  /** A client with connections of its own. */
  readonly connect: (maxConcurrentWrites: number) => HttpKubeClient;
}

export interface Replica {
  start(): void;
  /** Resolves when nothing is under way any more and the Lease is given back. */
  stop(): Promise<void>;
  /** What it still waits for; empty when it is at work, or could be at once. */
  unready(): string[];
}

type Part = Pick<
  Config,
  'namespace' | 'secretNames' | 'leaderElect' | 'maxConcurrentWrites' | 'defaultVerification' | 'tokenServers'
>;

export function createReplica(config: Part, { connect, ...parts }: ReplicaParts): Replica {
  const client = connect(config.maxConcurrentWrites);
  // Of its own, so that a renewal never waits behind other writes.
  const electing = connect(1);
  const election = new LeaderElection({
    ...parts,
    client: electing,
    namespace: config.namespace,
    name: LEASE,
    onAcquired: () => controller.lead(),
    onLost: () => controller.standBy(),
  });
  const writing = config.leaderElect ? new LeaderOnlyClient(client, election) : client;
  const recorder = recorderOf(parts, writing);
  const checks = checksOf(parts);
  const controller: Controller = new Controller({
    ...parts,
    ...config,
    client: writing,
    recorder,
    operatorNamespace: config.namespace,
    workers: config.maxConcurrentWrites,
    checkLogin: checks.ask,
  });
  return {
    start: () => {
      controller.start();
      if (!config.leaderElect) return controller.lead();
      parts.metrics.registerElection(LEASE, () => election.isLeader());
      election.start();
    },
    stop: async () => {
      // The Lease last: whoever takes it must find nothing of ours under way.
      await controller.stop();
      checks.end();
      await recorder.stop();
      await election.stop();
      await Promise.all([client.close(), electing.close()]);
    },
    unready: () => [
      ...controller.unready(),
      ...(config.leaderElect ? election.unready().map(text => parts.redactor.redact(text)) : []),
    ],
  };
}

const recorderOf = (parts: Omit<ReplicaParts, 'connect'>, client: KubeClient): EventRecorder =>
  new EventRecorder({
    ...parts,
    client,
    redact: text => parts.redactor.redact(text),
    regarding: { apiVersion: `${GROUP}/${VERSION}`, kind: KIND },
    reportingController: REPORTING_CONTROLLER,
    reportingInstance: parts.identity,
  });

/** Those of all terms: what a registry bears does not begin anew with one. */
function checksOf({ checkLogin, clock }: Pick<ReplicaParts, 'checkLogin' | 'clock'>) {
  const ending = new AbortController();
  const { signal } = ending;
  const checks = new LoginChecks((login, options) => checkLogin(login, { ...options, signal }), clock);
  const ask: ControllerOptions['checkLogin'] = (login, options) => checks.verdict(login, options);
  return { ask, end: () => ending.abort() };
}
