// Keeps an operator at work: keeps the namespaces out and lets them in again in turn, for as long as it
// runs. Each time is another wish, for one that is fulfilled again and again would be taken for a fight.

import { setTimeout as sleep } from 'node:timers/promises';
import { setLabels } from './scenario.ts';

/** Milliseconds between two namespaces. */
const PACE = 50;

export class Drift {
  readonly #namespaces: readonly string[];
  #running = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(namespaces: readonly string[]) {
    this.#namespaces = namespaces;
  }

  start(): void {
    this.#running = true;
    this.#loop = this.#run();
  }

  /** Leaves all of them in. */
  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    await this.#loop;
    for (const namespace of this.#namespaces) await letIn(namespace);
  }

  async #run(): Promise<void> {
    for (let turn = 0; this.#running; turn++) {
      const namespace = this.#namespaces[turn % this.#namespaces.length] ?? '';
      const round = Math.floor(turn / this.#namespaces.length);
      await (round % 2 === 0 ? keepOut(namespace) : letIn(namespace));
      await sleep(PACE);
    }
  }
}

const keepOut = (namespace: string) => setLabels(namespace, { 'regcred.dev/sync': 'false' });
const letIn = (namespace: string) => setLabels(namespace, { 'regcred.dev/sync': null });
