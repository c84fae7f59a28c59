// For the tests of leader election: replicas over one API server in memory, each with a wall
// clock that may be wrong, a monotonic clock of its own, and a connection that can be cut.

import type { Clock } from '../clock.ts';
import { TransportError } from '../kube/errors.ts';
import type { KubeClient, KubeRequest } from '../kube/kube-client.ts';
import { LeaderElection } from '../kube/lease-election.ts';
import type { LogFields } from '../log.ts';
import { aNamespace, OPERATOR_NAMESPACE } from './builders.ts';
import { FakeApiServer } from './fake-api-server.ts';
import { FakeClock } from './fake-clock.ts';

export const LEASE = 'regcred';

export class LeaseRig {
  readonly clock = new FakeClock();
  readonly server = new FakeApiServer({ now: () => this.clock.now() });
  readonly replicas: Replica[] = [];
  /** The most that ever led at the same moment. */
  mostLeaders = 0;

  constructor() {
    this.server.given(aNamespace(OPERATOR_NAMESPACE));
  }

  /** @param skew milliseconds by which its wall clock is wrong */
  replica(identity: string, skew = 0, random: () => number = () => 0.5): Replica {
    const replica = new Replica(this, identity, skew, random);
    this.replicas.push(replica);
    return replica;
  }

  get lease() {
    return this.server.get('leases', OPERATOR_NAMESPACE, LEASE)?.spec;
  }

  get leaders(): string[] {
    return this.replicas.filter(({ election }) => election.isLeader()).map(({ identity }) => identity);
  }

  writesOf(identity: string): string[] {
    return this.server.writes.filter(({ user }) => user === identity).map(({ method }) => method);
  }

  async stop(): Promise<void> {
    const stopped = Promise.all(this.replicas.map(({ election }) => election.stop()));
    await this.clock.runAll();
    await stopped;
  }
}

export class Replica {
  readonly identity: string;
  readonly election: LeaderElection;
  /** "acquired" and "lost" with the time, in milliseconds since the start of the rig. */
  readonly turns: string[] = [];
  /** "level message". */
  readonly log: string[] = [];
  /** What happens to its requests: answered, never answered, or carried out without an answer. */
  connection: 'up' | 'silent' | 'deaf' = 'up';

  constructor(rig: LeaseRig, identity: string, skew: number, random: () => number) {
    this.identity = identity;
    const { clock } = rig;
    const began = clock.now();
    const turn = (what: string) => (): void => {
      this.turns.push(`${what} ${clock.now() - began}`);
      rig.mostLeaders = Math.max(rig.mostLeaders, rig.leaders.length);
    };
    const note = (level: string) => (message: string, _fields?: LogFields) =>
      void this.log.push(`${level} ${message}`);
    this.election = new LeaderElection({
      client: this.#client(rig.server.client(identity)),
      namespace: OPERATOR_NAMESPACE,
      name: LEASE,
      identity,
      clock: skewed(clock, skew),
      random,
      log: { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
      onAcquired: turn('acquired'),
      onLost: turn('lost'),
    });
  }

  /** As `kill -9`: not another request, and nobody is told. */
  kill(): void {
    this.connection = 'silent';
  }

  #client(client: KubeClient): KubeClient {
    return {
      watch: request => client.watch(request),
      request: async <T>(request: KubeRequest) => {
        if (this.connection !== 'silent') {
          const response = await client.request<T>(request);
          if (this.connection === 'up') return response;
        }
        return unanswered(request);
      },
    };
  }
}

const skewed = (clock: Clock, skew: number): Clock => ({
  now: () => clock.now() + skew,
  monotonic: () => clock.monotonic() + Math.abs(skew) / 7,
  setTimeout: (callback, milliseconds) => clock.setTimeout(callback, milliseconds),
});

function unanswered({ method, path, signal }: KubeRequest): Promise<never> {
  return new Promise((_resolve, reject) => {
    const give = (): void => reject(new TransportError(`could not ${method} ${path}: aborted`));
    if (signal?.aborted) give();
    else signal?.addEventListener('abort', give, { once: true });
  });
}
