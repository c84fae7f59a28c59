// One simulation: a cluster, its users, one or two replicas of the operator and a network that
// fails, all on one virtual clock, held against the rules at every change.

import { LEASE } from '../../api/names.ts';
import type { Random } from '../../clock.ts';
import type { KubeResponse } from '../../kube/kube-client.ts';
import type { Lease } from '../../kube/lease-record.ts';
import type { LogLevel } from '../../log.ts';
import { aNamespace, OPERATOR_NAMESPACE } from '../builders.ts';
import { FakeApiServer } from '../fake-api-server.ts';
import { policiesFor } from '../policies/policies.ts';
import { seeded } from '../random.ts';
import { keyOf } from '../resources.ts';
import type { Change } from '../storage.ts';
import { Faults } from './faults.ts';
import { History, type Recorded } from './history.ts';
import { Incarnation } from './incarnation.ts';
import type { Network, Sent } from './network.ts';
import { SECRET_NAMES, showsMark } from './pools.ts';
import { BEGINNING } from './replica-clock.ts';
import { broken } from './rules/all-rules.ts';
import type { FaultStep, Schedule, Step } from './step.ts';
import { earlier, thenOf } from './then.ts';
import { act } from './users.ts';
import { Topics } from './views.ts';
import { VirtualTime } from './virtual-time.ts';

export const RULES = { operatorNamespace: OPERATOR_NAMESPACE, secretNames: SECRET_NAMES } as const;

export interface Violation {
  readonly rule: string;
  readonly detail: string;
  readonly at: number;
}

/** As #start() names them. */
const isReplica = (user: string): boolean => /^[ab]\d+$/.test(user);

/** An error that is a mistake of the operator, whatever the cluster does to it. */
const MISTAKES = /could not reconcile|could not handle a change|skipped an object/;

export class Simulation {
  readonly time = new VirtualTime();
  readonly faults = new Faults(this.time);
  readonly history = new History(() => this.time.now);
  readonly server: FakeApiServer;
  readonly trace: string[] = [];
  violation: Violation | undefined;
  /** Of replicas, but for the Lease. */
  writes = 0;
  /** Of those, Events. */
  events = 0;
  readonly #schedule: Schedule;
  readonly #topics = new Topics();
  readonly #network: Network;
  readonly #random: Random;
  readonly #incarnations: Incarnation[] = [];
  #author: Sent | undefined;
  #born = 0;

  constructor(schedule: Schedule) {
    const { policies, admission } = schedule;
    this.#schedule = schedule;
    this.#random = seeded(Math.imul(schedule.seed, 0x9e3779b1));
    this.server = new FakeApiServer({ now: () => BEGINNING + this.time.now });
    this.server.controllers.holdTermination = true;
    this.server.admission = policiesFor(
      { isOperator: isReplica, ...RULES },
      { secrets: policies, serviceAccounts: policies, references: admission },
    );
    this.server.listen(change => this.#stored(change));
    this.server.given(aNamespace(OPERATOR_NAMESPACE), aNamespace('default'));
    this.#network = {
      time: this.time,
      random: this.#random,
      faults: this.faults,
      history: this.history,
      watches: new Set(),
      onSent: sent => this.#sent(sent),
      carryOut: sent => this.#carryOut(sent),
      follow: request => this.server.follow(request),
      crash: (caller, step) => this.#crash(caller.index, step.restartAfter, `${step.when} a write`),
      note: line => this.note(line),
    };
  }

  /** How many replicas were started after the first ones. */
  get restarts(): number {
    return this.#born - this.#schedule.replicas;
  }

  get hasFailed(): boolean {
    return this.violation !== undefined;
  }

  note(line: string): void {
    this.trace.push(`${this.time.now} ${line}`);
  }

  violate(rule: string, detail: string): void {
    if (this.violation !== undefined) return;
    this.violation = { rule, detail, at: this.time.now };
    this.note(`VIOLATED: ${rule}: ${detail}`);
  }

  startReplicas(): void {
    for (let index = 0; index < this.#schedule.replicas; index++) this.#start(index);
  }

  /** All of them, in good order. */
  async stopReplicas(): Promise<void> {
    let stopped = false;
    void Promise.all(this.#incarnations.map(one => one.stop())).then(() => (stopped = true));
    await this.time.runUntil(this.time.now + 40_000, () => stopped || this.hasFailed);
    if (!stopped) this.violate('a replica stops when it is told to', 'it did not within 40 s');
    this.#incarnations.length = 0;
  }

  crashReplicas(): void {
    for (const one of this.#incarnations) one.crash();
    this.#incarnations.length = 0;
  }

  take(step: Step): void {
    const { after: _, ...rest } = step;
    if (isFault(step)) {
      this.note(`fault: ${JSON.stringify(rest)}`);
      this.#inflict(step);
    } else if (act(step, this.server)) {
      this.note(`user: ${JSON.stringify(rest)}`);
      this.faults.count(`user ${step.do}`);
    }
  }

  /** Nothing goes wrong any more, and whoever was away comes back. */
  endFaults(): void {
    this.note('all faults end');
    this.faults.end();
    for (const { metadata } of this.server.snapshot('namespaces'))
      if (metadata.deletionTimestamp !== undefined) this.server.controllers.finishTermination(metadata.name);
    this.server.controllers.holdTermination = false;
    for (let index = 0; index < this.#schedule.replicas; index++) {
      const one = this.#incarnations[index];
      if (one === undefined || one.clock.isDead) this.#start(index);
      else if (one.clock.isFrozen) one.clock.thaw();
    }
  }

  #start(index: number): void {
    const identity = `${'ab'[index]}${++this.#born}`;
    const one = new Incarnation({
      network: this.#network,
      topics: this.#topics,
      index,
      identity,
      election: this.#schedule.election,
      random: seeded(Math.imul(this.#schedule.seed * 31 + this.#born, 0x85ebca6b)),
      onLog: (level, line) => this.#logged(identity, level, line),
    });
    this.#incarnations[index] = one;
    this.note(`${identity} starts`);
    one.start();
  }

  #crash(index: number, restartAfter: number, when: string): void {
    const one = this.#incarnations[index];
    if (one === undefined || one.clock.isDead) return;
    one.crash();
    this.faults.count(`crash ${when}`);
    this.note(`${one.identity} crashes ${when}`);
    this.time.after(restartAfter, () => {
      if (this.#incarnations[index] === one) this.#start(index);
    });
  }

  #inflict(step: FaultStep & Step): void {
    const { faults } = this;
    faults.count(`fault ${step.do}`);
    switch (step.do) {
      case 'fault':
        return faults.arm(step.fault, step.on, step.times);
      case 'forbid':
        return faults.forbid(step.in, step.for);
      case 'away':
        faults.away(step.for);
        return this.#cut('error', () => true);
      case 'partition':
        return faults.partition(step.replica, step.for);
      case 'cutWatches':
        return this.#cut(step.how, kind => step.kind === 'all' || step.kind === kind);
      case 'delayEvents':
        return faults.delay(step.kind, step.by, step.for);
      case 'staleList':
        return faults.stale(step.kind, step.age);
      case 'compact':
        return this.server.compact();
      case 'bookmark':
        return this.server.bookmark();
      case 'crash':
        if (step.atWrite === 0) this.#crash(step.replica, step.restartAfter, 'at once');
        else faults.crashAt(step);
        return;
      case 'restart':
        return this.#restart(step.replica);
      case 'freeze':
        return this.#freeze(step.replica, step.for);
      case 'setClock': {
        const clock = this.#incarnations[step.replica]?.clock;
        if (clock !== undefined) clock.skew += step.by;
      }
    }
  }

  #cut(how: 'clean' | 'error' | 'midFrame', isMeant: (kind: string) => boolean): void {
    for (const stream of [...this.#network.watches]) if (isMeant(stream.resource)) stream.cut(how);
  }

  /** In good order; the next one comes when it is gone. */
  #restart(index: number): void {
    const one = this.#incarnations[index];
    if (one === undefined || one.clock.isDead || one.clock.isFrozen) return;
    void one.stop().then(() => {
      if (this.#incarnations[index] === one && !one.clock.isDead) this.#start(index);
    });
  }

  #freeze(index: number, duration: number): void {
    const one = this.#incarnations[index];
    if (one === undefined || one.clock.isDead) return;
    one.clock.freeze();
    this.time.after(duration, () => one.clock.thaw());
  }

  #sent({ caller, request, target }: Sent): void {
    if (request.method === 'GET' || target.resource.name === 'leases' || !this.#schedule.election) return;
    const lease = this.history.get('leases', keyOf(OPERATOR_NAMESPACE, LEASE)) as Lease | undefined;
    const holder = lease?.spec?.holderIdentity;
    if (holder === caller.identity) return;
    this.violate(
      'one writer',
      `${caller.identity} sent ${request.method} ${request.path}, but ${holder} holds the Lease`,
    );
  }

  #carryOut(sent: Sent): KubeResponse<object> {
    const { caller, request } = sent;
    this.#author = sent;
    try {
      const response = this.server.answer(request, caller.identity);
      if (request.method !== 'GET')
        this.note(`${caller.identity} ${request.method} ${request.path} -> ${response.status}`);
      return response;
    } finally {
      this.#author = undefined;
    }
  }

  #stored(change: Change): void {
    const recorded = this.history.add(change);
    this.#topics.add(recorded);
    const sent = this.#author;
    if (sent === undefined || !isBy(sent, recorded)) return;
    if (recorded.resource !== 'leases') this.writes++;
    if (recorded.resource === 'events') this.events++;
    this.#judge(sent, recorded);
  }

  #judge({ caller, decision, target }: Sent, { resource, before, after }: Recorded): void {
    const { namespace = '', name } = (after ?? before)?.metadata ?? { name: target.name ?? '' };
    const since = () => thenOf(this.history, decision, RULES);
    const ever = () => earlier(this.history, RULES);
    const found = broken({ resource, namespace, name, before, after, since, ever });
    if (found !== undefined)
      this.violate(found.rule, `${caller.identity}, ${resource} ${keyOf(namespace, name)}: ${found.detail}`);
  }

  #logged(identity: string, level: LogLevel, line: string): void {
    this.note(`${identity} ${line}`);
    if (showsMark(line)) this.violate('no credential in the log', line);
    if (level === 'error' && MISTAKES.test(line)) this.violate('no mistake of the operator', line);
  }
}

const FAULTS: ReadonlySet<string> = new Set<FaultStep['do']>([
  'fault',
  'forbid',
  'away',
  'partition',
  'cutWatches',
  'delayEvents',
  'staleList',
  'compact',
  'bookmark',
  'crash',
  'restart',
  'freeze',
  'setClock',
]);

const isFault = (step: Step): step is FaultStep & Step => FAULTS.has(step.do);

/** Not what a controller of the cluster made of it. */
const isBy = ({ target, request }: Sent, { resource, after, before }: Recorded): boolean => {
  const { namespace, name } = (after ?? before)?.metadata ?? {};
  return (
    request.method !== 'GET' &&
    target.resource.name === resource &&
    target.namespace === namespace &&
    (target.name ?? name) === name
  );
};
