// One simulation: a cluster, its users, one or two replicas of the operator and a network that
// fails, all on one virtual clock, held against the rules at every change.

import { LEASE } from '../../api/names.ts';
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
import { HeldBack } from './held-back.ts';
import { History, type Recorded } from './history.ts';
import { inflict, isFault } from './inflict.ts';
import type { Network, Sent } from './network.ts';
import type { Rules } from './oracle/desired.ts';
import type { IsHeldBack } from './oracle/snapshot.ts';
import { SECRET_NAMES, showsMark } from './pools.ts';
import { isRejected } from './registries.ts';
import { BEGINNING } from './replica-clock.ts';
import { isReplica, Replicas } from './replicas.ts';
import { broken } from './rules/all-rules.ts';
import type { Schedule, Step } from './step.ts';
import { earlier, type IsTrying, thenOf } from './then.ts';
import { act } from './users.ts';
import { Topics } from './views.ts';
import { VirtualTime } from './virtual-time.ts';

const RULES = { operatorNamespace: OPERATOR_NAMESPACE, secretNames: SECRET_NAMES } as const;

export interface Violation {
  readonly rule: string;
  readonly detail: string;
  readonly at: number;
}

/** An error that is a mistake of the operator, whatever the cluster does to it. */
const MISTAKES = /could not reconcile|could not handle a change|skipped an object/;

export class Simulation {
  readonly time = new VirtualTime();
  readonly faults = new Faults(this.time);
  readonly history = new History(() => this.time.now);
  readonly server: FakeApiServer;
  readonly replicas: Replicas;
  /** By which the oracle judges. */
  readonly rules: Rules;
  readonly trace: string[] = [];
  violation: Violation | undefined;
  /** Of replicas, but for the Lease. */
  writes = 0;
  /** Requests to write, whether or not they change anything; but for the Lease, and for counts of Events that are there. */
  attempts = 0;
  readonly #schedule: Schedule;
  readonly #topics = new Topics();
  readonly #network: Network;
  readonly #heldBack: HeldBack;
  #author: Sent | undefined;

  constructor(schedule: Schedule) {
    const { policies, admission, verification } = schedule;
    this.#schedule = schedule;
    const isHeldBack: IsHeldBack = ({ username, password }) =>
      isRejected(password) || this.replicas.suspects.includes(username);
    this.rules = verification === 'Enforce' ? { ...RULES, isHeldBack } : RULES;
    this.#heldBack = new HeldBack(verification);
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
      random: seeded(Math.imul(schedule.seed, 0x9e3779b1)),
      faults: this.faults,
      history: this.history,
      watches: new Set(),
      onSent: sent => this.#sent(sent),
      carryOut: sent => this.#carryOut(sent),
      follow: request => this.server.follow(request),
      crash: ({ index }, { restartAfter, when }) => {
        if (this.replicas.crash(index, restartAfter, `${when} a write`))
          this.faults.count(`crash ${when} a write`);
      },
      note: line => this.note(line),
    };
    this.replicas = new Replicas({
      ...schedule,
      network: this.#network,
      topics: this.#topics,
      onLog: (identity, level, line) => this.#logged(identity, level, line),
    });
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

  /** All of them, in good order. */
  async stopReplicas(): Promise<void> {
    let stopped = false;
    void this.replicas.stopAll().then(() => (stopped = true));
    await this.time.runUntil(this.time.now + 40_000, () => stopped || this.hasFailed);
    if (!stopped) this.violate('a replica stops when it is told to', 'it did not within 40 s');
  }

  take(step: Step): void {
    const { after: _, ...rest } = step;
    if (isFault(step)) {
      this.note(`fault: ${JSON.stringify(rest)}`);
      inflict(step, { network: this.#network, server: this.server, replicas: this.replicas });
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
    this.replicas.bringBack();
  }

  #sent({ caller, request, target }: Sent): void {
    if (request.method === 'GET' || target.resource.name === 'leases') return;
    if (target.resource.name !== 'events' || request.method !== 'PATCH') this.attempts++;
    if (!this.#schedule.election) return;
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
    this.#judge(sent, recorded);
  }

  #judge({ caller, decision, target }: Sent, { resource, before, after }: Recorded): void {
    const { namespace = '', name } = (after ?? before)?.metadata ?? { name: target.name ?? '' };
    const isTrying: IsTrying = login => this.#heldBack.isTrying(caller, login);
    const since = () => thenOf(this.history, decision, this.rules, isTrying);
    const ever = () => earlier(this.history, this.rules);
    const found =
      broken({ resource, namespace, name, before, after, since, ever }) ??
      this.#heldBack.broken(caller, { resource, before, after });
    if (found !== undefined)
      this.violate(found.rule, `${caller.identity}, ${resource} ${keyOf(namespace, name)}: ${found.detail}`);
  }

  #logged(identity: string, level: LogLevel, line: string): void {
    this.note(`${identity} ${line}`);
    if (showsMark(line)) this.violate('no credential in the log', line);
    if (level === 'error' && MISTAKES.test(line)) this.violate('no mistake of the operator', line);
  }
}

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
