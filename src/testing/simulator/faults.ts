// What is to go wrong: faults that wait for a request, and states of the network that last for a while.

import type { Target } from '../resources.ts';
import type { FaultStep, FaultTarget, RequestFault, WatchKind } from './step.ts';
import type { VirtualTime } from './virtual-time.ts';

interface Armed {
  readonly fault: RequestFault;
  readonly on: FaultTarget;
  times: number;
}

type Crash = Extract<FaultStep, { do: 'crash' }>;

const isOn = (on: FaultTarget, { resource }: Target, isWrite: boolean): boolean =>
  on === 'writes' ? isWrite && resource.name !== 'leases' : on === 'reads' ? !isWrite : on === resource.name;

export const isOfKind = (kind: WatchKind, resource: string): boolean => kind === 'all' || kind === resource;

export class Faults {
  readonly #time: VirtualTime;
  #armed: Armed[] = [];
  readonly #forbidden = new Map<string, number>();
  #awayUntil = 0;
  readonly #partitioned = new Map<number, number>();
  #delays: { readonly kind: WatchKind; readonly by: number; readonly until: number }[] = [];
  #stale: { readonly kind: WatchKind; readonly age: number }[] = [];
  readonly #crashes = new Map<number, { step: Crash; writes: number }>();
  /** How often what was seen to happen. */
  readonly counts = new Map<string, number>();

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  arm(fault: RequestFault, on: FaultTarget, times: number): void {
    this.#armed.push({ fault, on, times });
  }

  /** The fault that meets this request; it is used up. */
  meets(target: Target, isWrite: boolean): RequestFault | undefined {
    const index = this.#armed.findIndex(({ on }) => isOn(on, target, isWrite));
    const armed = this.#armed[index];
    if (armed === undefined) return undefined;
    if (--armed.times <= 0) this.#armed.splice(index, 1);
    this.count(`answer ${armed.fault}`);
    return armed.fault;
  }

  forbid(namespace: string, duration: number): void {
    this.#forbidden.set(namespace, this.#time.now + duration);
  }

  isForbidden(namespace: string | undefined): boolean {
    return (this.#forbidden.get(namespace ?? '') ?? 0) > this.#time.now;
  }

  away(duration: number): void {
    this.#awayUntil = this.#time.now + duration;
  }

  get isAway(): boolean {
    return this.#awayUntil > this.#time.now;
  }

  partition(replica: number, duration: number): void {
    this.#partitioned.set(replica, this.#time.now + duration);
  }

  isPartitioned(replica: number): boolean {
    return this.partitionLeft(replica) > 0;
  }

  /** Milliseconds. */
  partitionLeft(replica: number): number {
    return Math.max(0, (this.#partitioned.get(replica) ?? 0) - this.#time.now);
  }

  delay(kind: WatchKind, by: number, duration: number): void {
    this.#delays.push({ kind, by, until: this.#time.now + duration });
  }

  delayOf(resource: string): number {
    const delay = this.#delays.find(({ kind, until }) => until > this.#time.now && isOfKind(kind, resource));
    if (delay !== undefined) this.count('event delayed');
    return delay?.by ?? 0;
  }

  stale(kind: WatchKind, age: number): void {
    this.#stale.push({ kind, age });
  }

  /** Milliseconds by which the list that begins now is behind at first; used up. */
  staleness(resource: string): number | undefined {
    const index = this.#stale.findIndex(({ kind }) => isOfKind(kind, resource));
    return this.#stale.splice(index, index < 0 ? 0 : 1)[0]?.age;
  }

  crashAt(step: Crash): void {
    this.#crashes.set(step.replica, { step, writes: 0 });
  }

  /** Counts a write of the replica; answers the crash that is due at it. */
  crashOf(replica: number): Crash | undefined {
    const crash = this.#crashes.get(replica);
    if (crash === undefined || ++crash.writes < crash.step.atWrite) return undefined;
    this.#crashes.delete(replica);
    return crash.step;
  }

  /** From now on nothing goes wrong any more. */
  end(): void {
    this.#armed = [];
    this.#forbidden.clear();
    this.#awayUntil = 0;
    this.#partitioned.clear();
    this.#delays = [];
    this.#stale = [];
    this.#crashes.clear();
  }
}
