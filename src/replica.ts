// One replica of the operator: all follow the cluster, and the one that holds the Lease writes.

import { GROUP, KIND, LEASE, REPORTING_CONTROLLER, VERSION } from './api/names.ts';
import type { Config } from './config.ts';
import { Controller, type ControllerOptions } from './controller/controller.ts';
import type { HttpKubeClient } from './kube/client.ts';
import { EventRecorder } from './kube/event-recorder.ts';
import { LeaderElection, type LeaderElectionOptions } from './kube/lease-election.ts';
import { LeaderOnlyClient } from './kube/lease-gate.ts';
import type { Metrics } from './metrics.ts';

export interface ReplicaParts
  extends Pick<ControllerOptions, 'clock' | 'random' | 'log' | 'redactor' | 'ask'>,
    Pick<LeaderElectionOptions, 'identity'> {
  readonly metrics: ControllerOptions['metrics'] & Pick<Metrics, 'registerElection'>;
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

type Part = Pick<Config, 'namespace' | 'secretNames' | 'leaderElect' | 'maxConcurrentWrites'>;

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
  const recorder = new EventRecorder({
    ...parts,
    client: writing,
    redact: text => parts.redactor.redact(text),
    regarding: { apiVersion: `${GROUP}/${VERSION}`, kind: KIND },
    reportingController: REPORTING_CONTROLLER,
    reportingInstance: parts.identity,
  });
  const controller: Controller = new Controller({
    ...parts,
    client: writing,
    recorder,
    operatorNamespace: config.namespace,
    secretNames: config.secretNames,
    workers: config.maxConcurrentWrites,
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
