// Follows the cluster, whoever leads, and lets the loops work on what is known while this
// replica leads: a standby keeps its world warm and writes nothing.

import { Loops } from './loops.ts';
import type { LoopsOptions } from './loops-options.ts';
import { notListed, type Watch, type WatchContext, watchesOf } from './watches.ts';
import { createWorld, distrust, type World, type WorldEvents } from './world.ts';

export interface ControllerOptions extends LoopsOptions {
  readonly operatorNamespace: string;
  readonly secretNames: readonly string[];
  readonly metrics: LoopsOptions['metrics'] & WatchContext['metrics'];
}

export class Controller {
  readonly #options: ControllerOptions;
  readonly #world: World;
  readonly #watches: readonly Watch[];
  #leads = false;
  #stopped = false;
  #loops: Loops | undefined;
  /** The loops of all earlier terms have come to their end. */
  #ended: Promise<void> = Promise.resolve();

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#world = createWorld(options.operatorNamespace, options.secretNames, this.#forward());
    this.#watches = watchesOf(this.#world, {
      ...options,
      onProblem: (watch, problem) => this.#loops?.noteWatch(watch, problem),
      onSynced: () => this.#takeOver(),
      onRewound: () => this.#beginAnew(),
    });
  }

  /** Follows the cluster. Nothing is written before lead(). */
  start(): void {
    for (const watch of this.#watches) watch.start();
  }

  /** From now on this replica is the one that writes, unless it is told to stop: the Lease may still come to it then. */
  lead(): void {
    if (this.#stopped) return;
    this.#leads = true;
    // What an earlier term had under way decided on what it knew, and must not go on in this one.
    void this.#ended.then(() => this.#begin());
  }

  /** From now on another one may write. Whoever calls sees to it that no request of ours is under way. */
  standBy(): void {
    this.#leads = false;
    const loops = this.#loops;
    this.#loops = undefined;
    if (loops !== undefined) this.#ended = loops.stop();
  }

  /** Resolves when everything under way has come to its end. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.standBy();
    await Promise.all([...this.#watches.map(watch => watch.stop()), this.#ended]);
  }

  /** What it still waits for; empty when it is at work, or could be at once. */
  unready(): string[] {
    return notListed(this.#watches, text => this.#options.redactor.redact(text));
  }

  /**
   * etcd was restored, so what is known of one collection and what of another may be of two pasts: whatever
   * was decided on both would be wrong. As after a restart, nothing is until all of it is listed anew.
   */
  #beginAnew(): void {
    this.#options.log.warn('etcd was restored to an older state: beginning anew, as after a restart');
    // A kind in which little happened may have been overtaken by now: there no version goes back.
    distrust(this.#world);
    for (const watch of this.#watches) watch.relist();
    if (!this.#leads) return;
    this.standBy();
    this.lead();
  }

  #begin(): void {
    if (!this.#leads || this.#loops !== undefined) return;
    this.#loops = new Loops(this.#world, this.#options);
    for (const { name, problem } of this.#watches) this.#loops.noteWatch(name, problem);
    this.#takeOver();
  }

  #takeOver(): void {
    if (this.unready().length === 0) this.#loops?.takeOver();
  }

  #forward(): WorldEvents {
    return {
      credential: (before, after) => this.#loops?.events.credential(before, after),
      namespace: (before, after) => this.#loops?.events.namespace(before, after),
      serviceAccount: (before, after) => this.#loops?.events.serviceAccount(before, after),
      secret: (before, after) => this.#loops?.events.secret(before, after),
      source: (before, after) => this.#loops?.events.source(before, after),
    };
  }
}
