// Leader election by a Lease: one replica leads and renews, the others look every two
// seconds. A leader that cannot renew stops five seconds before anybody may replace it.

import type { Clock, Random } from '../clock.ts';
import type { Log } from '../log.ts';
import { isConflict, isNotFound, retryAfterOf } from './errors.ts';
import type { KubeClient } from './kube-client.ts';
import { type Observation, observe, untilFree } from './lease-decision.ts';
import type { Leadership } from './lease-gate.ts';
import { givenBack, type Lease, takenBy } from './lease-record.ts';
import { LeaseStore } from './lease-store.ts';
import { LeaseTerm } from './lease-term.ts';
import { sleep } from './sleep.ts';

export interface LeaderElectionOptions {
  /** With a pool of its own, so that a renewal never waits behind other writes. */
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  /** Of this process, never used again by another one. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly onAcquired?: () => void;
  /** Not called for stop(). The Lease may be acquired again later. */
  readonly onLost?: () => void;
}

/** Milliseconds after the start of the last renewal that succeeded: a term is over then. */
const RENEW_DEADLINE = 10_000;
/** Milliseconds between two looks at most; up to a fifth less, so that replicas do not keep step. */
const RETRY_PERIOD = 2_000;
const JITTER = 0.2;
/** Milliseconds for one look with what it writes: two of them fit into the deadline. */
const ATTEMPT = 5_000;
/** Milliseconds that stop() may take. */
const PATIENCE = 1_000;

export class LeaderElection implements Leadership {
  readonly #options: LeaderElectionOptions;
  readonly #store: LeaseStore;
  readonly #stopping = new AbortController();
  readonly #cut = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #observed: Observation | undefined;
  /** As last written by us, while nobody else is known to have touched it. */
  #held: Lease | undefined;
  /** A write of ours may have made us the holder, whether or not we heard of it. */
  #mayHold = false;
  #term: LeaseTerm | undefined;
  #failing = false;
  /** Why it could not take part yet; undefined from the first time that it could. */
  #absence: string | undefined = 'not looked at yet';

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#store = new LeaseStore(options.client, options.namespace, options.name);
  }

  /** Takes the Lease at once when it is free. */
  start(): void {
    this.#loop = this.#run();
  }

  /** Ends the term at once, then gives the Lease back. Whoever writes must have finished before. */
  async stop(): Promise<void> {
    const { clock } = this.#options;
    this.#stopping.abort();
    this.#term?.end();
    const timer = clock.setTimeout(() => this.#cut.abort(), PATIENCE);
    await this.#loop;
    await this.#giveBack();
    timer.cancel();
  }

  isLeader(): boolean {
    return this.#term?.isRunning() ?? false;
  }

  get signal(): AbortSignal {
    return this.#term?.signal ?? AbortSignal.abort(new Error('not the leader'));
  }

  /** Who leads, as far as was seen; empty when nobody does. */
  get holder(): string {
    return this.#observed?.spec.holderIdentity ?? '';
  }

  /**
   * What keeps this replica from ever leading, such as RBAC of an older release; empty once it has taken part,
   * as leader or standby. Redact it before it is shown.
   */
  unready(): string[] {
    const { namespace, name } = this.#options;
    return this.#absence === undefined ? [] : [`lease ${namespace}/${name}: ${this.#absence}`];
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const pause = await this.#attempt();
      // Rejects for one reason only: stop() was called.
      await sleep(pause, clock, signal).catch(() => undefined);
    }
  }

  /** Milliseconds until the next one. */
  async #attempt(): Promise<number> {
    const { clock, random } = this.#options;
    const began = clock.monotonic();
    const next = began + RETRY_PERIOD * (1 - JITTER * random());
    const limit = new AbortController();
    const timer = clock.setTimeout(() => limit.abort(), ATTEMPT);
    try {
      const free = await this.#look(AbortSignal.any([limit.signal, this.#cut.signal]));
      this.#failing = false;
      this.#absence = undefined;
      return Math.min(free || RETRY_PERIOD, Math.max(0, next - clock.monotonic()));
    } catch (failure) {
      this.#report(failure);
      // From now: the last of several answers may have come much later than the look began.
      return Math.max(next - clock.monotonic(), retryAfterOf(failure));
    } finally {
      timer.cancel();
    }
  }

  /** Renews, or takes what is free. Milliseconds until the Lease is free, 0 if it is ours or was a moment ago. */
  async #look(signal: AbortSignal): Promise<number> {
    const { identity, clock } = this.#options;
    // Before the request: whatever others see of this renewal, they see later.
    const began = clock.monotonic();
    if (this.isLeader() && (await this.#renewed(began, signal))) return 0;
    const lease = await this.#store.read(signal);
    this.#notice(observe(this.#observed, lease, clock.monotonic()));
    // Also where we stand in it without having written it: it was another's a moment ago.
    const own = this.#mayHold ? identity : undefined;
    const free = untilFree(this.#observed, own, clock.monotonic());
    if (free > 0) this.#resign();
    else if (!this.#stopping.signal.aborted) await this.#take(lease, began, signal);
    return free;
  }

  /** False when the Lease is not as we left it. */
  async #renewed(began: number, signal: AbortSignal): Promise<boolean> {
    if (this.#held === undefined) return false;
    try {
      await this.#take(this.#held, began, signal);
      return true;
    } catch (failure) {
      if (!isConflict(failure) && !isNotFound(failure)) throw failure;
      return false;
    }
  }

  async #take(lease: Lease | undefined, began: number, signal: AbortSignal): Promise<void> {
    const { identity, clock } = this.#options;
    this.#held = undefined;
    this.#mayHold = true;
    this.#held = await this.#store.write(lease, takenBy(identity, lease?.spec, clock.now()), signal);
    this.#notice(observe(this.#observed, this.#held, clock.monotonic()));
    this.#lead(began + RENEW_DEADLINE);
  }

  #lead(until: number): void {
    const { clock, log, onAcquired } = this.#options;
    if (this.#stopping.signal.aborted || clock.monotonic() >= until) return;
    if (this.isLeader()) {
      this.#term?.extend(until);
      return;
    }
    this.#term = new LeaseTerm(clock, until, () => this.#lost('could not renew it in time'));
    log.info('became the leader', this.#fields());
    onAcquired?.();
  }

  /** Another one holds the Lease. */
  #resign(): void {
    this.#held = undefined;
    this.#mayHold = false;
    if (!this.isLeader()) return;
    this.#term?.end();
    this.#lost('another replica holds it');
  }

  #lost(cause: string): void {
    this.#options.log.warn('lost the lease', { ...this.#fields(), cause });
    this.#options.onLost?.();
  }

  #notice(observed: Observation | undefined): void {
    const { identity, log } = this.#options;
    const before = this.holder;
    this.#observed = observed;
    const { holder } = this;
    if (holder === before || holder === '' || holder === identity) return;
    log.info('another replica leads', { ...this.#fields(), holder });
  }

  async #giveBack(): Promise<void> {
    const { identity, clock, log } = this.#options;
    if (!this.#mayHold) return;
    try {
      const lease = await this.#store.read(this.#cut.signal);
      if (lease?.spec?.holderIdentity !== identity) return;
      await this.#store.write(lease, givenBack(lease.spec, clock.now()), this.#cut.signal);
      log.info('gave the lease back', this.#fields());
    } catch (error) {
      log.warn('could not give the lease back', { ...this.#fields(), error });
    }
  }

  /** Once for a row of failures: they come every two seconds. */
  #report(failure: unknown): void {
    const { log } = this.#options;
    const fields = { ...this.#fields(), error: failure };
    if (this.#absence !== undefined) this.#absence = failure instanceof Error ? failure.message : 'failed';
    // A race that another replica won, and the next look will show.
    if (isConflict(failure) || this.#failing) log.debug('could not renew or take the lease', fields);
    else log.warn('could not renew or take the lease', fields);
    this.#failing ||= !isConflict(failure);
  }

  #fields() {
    const { namespace, name, identity } = this.#options;
    return { lease: `${namespace}/${name}`, identity };
  }
}
