// Makes a fault happen.

import type { FakeApiServer } from '../fake-api-server.ts';
import { isOfKind } from './faults.ts';
import type { Network } from './network.ts';
import type { Replicas } from './replicas.ts';
import type { FaultStep, Step, WatchKind } from './step.ts';

interface Victims {
  readonly network: Network;
  readonly server: FakeApiServer;
  readonly replicas: Replicas;
}

export const isFault = (step: Step): step is FaultStep & Step => step.do in INFLICT;

export function inflict(step: FaultStep, victims: Victims): void {
  victims.network.faults.count(`fault ${step.do}`);
  (INFLICT[step.do] as (step: FaultStep, victims: Victims) => void)(step, victims);
}

type Table = {
  readonly [Do in FaultStep['do']]: (step: Extract<FaultStep, { do: Do }>, victims: Victims) => void;
};

const INFLICT: Table = {
  fault: ({ fault, on, times }, { network }) => network.faults.arm(fault, on, times),
  forbid: (step, { network }) => network.faults.forbid(step.in, step.for),
  away: (step, { network }) => {
    network.faults.away(step.for);
    cut('error', 'all', network);
  },
  partition: (step, { network }) => network.faults.partition(step.replica, step.for),
  cutWatches: ({ how, kind }, { network }) => cut(how, kind, network),
  delayEvents: (step, { network }) => network.faults.delay(step.kind, step.by, step.for),
  staleList: ({ kind, age }, { network }) => network.faults.stale(kind, age),
  compact: (_, { server }) => server.compact(),
  bookmark: (_, { server }) => server.bookmark(),
  crash: (step, { network, replicas }) => {
    if (step.atWrite > 0) network.faults.crashAt(step);
    else if (replicas.crash(step.replica, step.restartAfter, 'at once'))
      network.faults.count('crash at once');
  },
  restart: ({ replica }, { replicas }) => replicas.restart(replica),
  freeze: (step, { replicas }) => replicas.freeze(step.replica, step.for),
  setClock: ({ replica, by }, { replicas }) => replicas.setClock(replica, by),
};

function cut(how: 'clean' | 'error' | 'midFrame', kind: WatchKind, { watches }: Network): void {
  for (const stream of [...watches]) if (isOfKind(kind, stream.resource)) stream.cut(how);
}
