// The processes of the operator: started, stopped, crashed, frozen, and followed by others in their places.

import { seeded } from '../random.ts';
import { Incarnation, type IncarnationOptions } from './incarnation.ts';
import type { Schedule } from './step.ts';

export interface ReplicasOptions
  extends Pick<IncarnationOptions, 'network' | 'topics'>,
    Pick<Schedule, 'seed' | 'replicas' | 'election' | 'verification'> {
  readonly onLog: (identity: string, ...line: Parameters<IncarnationOptions['onLog']>) => void;
}

/** As they are named here. */
export const isReplica = (user: string): boolean => /^[ab]\d+$/.test(user);

export class Replicas {
  readonly #options: ReplicasOptions;
  readonly #incarnations: Incarnation[] = [];
  #born = 0;

  constructor(options: ReplicasOptions) {
    this.#options = options;
  }

  /** How many were started after the first ones. */
  get restarts(): number {
    return this.#born - this.#options.replicas;
  }

  /** Users of whom one of those that are there may keep logins back untried. */
  get suspects(): readonly string[] {
    return this.#incarnations.flatMap(one => (one.clock.isDead ? [] : one.suspects));
  }

  startAll(): void {
    for (let index = 0; index < this.#options.replicas; index++) this.#start(index);
  }

  /** In good order. */
  async stopAll(): Promise<void> {
    await Promise.all(this.#incarnations.splice(0).map(one => one.stop()));
  }

  crashAll(): void {
    for (const one of this.#incarnations.splice(0)) one.crash();
  }

  /** Whoever is away comes back. */
  bringBack(): void {
    for (let index = 0; index < this.#options.replicas; index++) {
      const one = this.#incarnations[index];
      if (one === undefined || one.clock.isDead) this.#start(index);
      else if (one.clock.isFrozen) one.clock.thaw();
    }
  }

  /** Returns whether there was one to crash. */
  crash(index: number, restartAfter: number, when: string): boolean {
    const one = this.#incarnations[index];
    if (one === undefined || one.clock.isDead) return false;
    const { time, note } = this.#options.network;
    one.crash();
    note(`${one.identity} crashes ${when}`);
    time.after(restartAfter, () => {
      if (this.#incarnations[index] === one) this.#start(index);
    });
    return true;
  }

  /** In good order; the next one comes when it is gone. */
  restart(index: number): void {
    const one = this.#incarnations[index];
    if (one === undefined || one.clock.isDead || one.clock.isFrozen) return;
    void one.stop().then(() => {
      if (this.#incarnations[index] === one && !one.clock.isDead) this.#start(index);
    });
  }

  freeze(index: number, duration: number): void {
    const one = this.#incarnations[index];
    if (one === undefined || one.clock.isDead) return;
    one.clock.freeze();
    this.#options.network.time.after(duration, () => one.clock.thaw());
  }

  /** Sets its wall clock. */
  setClock(index: number, by: number): void {
    const clock = this.#incarnations[index]?.clock;
    if (clock !== undefined) clock.skew += by;
  }

  #start(index: number): void {
    const { seed, onLog, ...options } = this.#options;
    const identity = `${'ab'[index]}${++this.#born}`;
    const one = new Incarnation({
      ...options,
      index,
      identity,
      random: seeded(Math.imul(seed * 31 + this.#born, 0x85ebca6b)),
      onLog: (level, line) => onLog(identity, level, line),
    });
    this.#incarnations[index] = one;
    options.network.note(`${identity} starts`);
    one.start();
  }
}
