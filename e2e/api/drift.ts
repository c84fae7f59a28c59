// Keeps an operator at work: takes the Secrets of the namespaces away in turn, for as long as it runs.

import { setTimeout as sleep } from 'node:timers/promises';
import { secretPath } from '../../src/controller/paths.ts';
import { remove } from './admin.ts';

/** Milliseconds between two Secrets. */
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

  async stop(): Promise<void> {
    this.#running = false;
    await this.#loop;
  }

  async #run(): Promise<void> {
    for (let turn = 0; this.#running; turn++) {
      await remove(secretPath(this.#namespaces[turn % this.#namespaces.length] ?? '', 'regcred'));
      await sleep(PACE);
    }
  }
}
