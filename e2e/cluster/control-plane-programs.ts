// The programs of a bare control plane, for tests that end one and start it again, as an upgrade or a crash
// does. Each has the arguments, the data and the port that it had.

import type { Program, RunningProgram, Watchdog } from './watchdog.ts';

export type ProgramName = 'etcd' | 'kube-apiserver' | 'kube-controller-manager';

export class ControlPlanePrograms {
  readonly #watchdog: Watchdog;
  readonly #isReady: () => Promise<void>;
  readonly #etcd: string;
  readonly #programs = new Map<ProgramName, Program>();
  readonly #running = new Map<ProgramName, RunningProgram>();

  /** `isReady` resolves when the API server answers. @param etcd its address */
  constructor(watchdog: Watchdog, isReady: () => Promise<void>, etcd: string) {
    this.#watchdog = watchdog;
    this.#isReady = isReady;
    this.#etcd = etcd;
  }

  async run(name: ProgramName, program: Omit<Program, 'name'>): Promise<RunningProgram> {
    this.#programs.set(name, { name, ...program });
    await this.start(name);
    return this.running(name);
  }

  running(name: ProgramName): RunningProgram {
    const running = this.#running.get(name);
    if (running === undefined) throw new Error(`${name} was never started`);
    return running;
  }

  async start(name: ProgramName): Promise<void> {
    const program = this.#programs.get(name);
    if (program === undefined) throw new Error(`${name} was never run`);
    this.#running.set(name, await this.#watchdog.run(program));
  }

  async stop(name: ProgramName, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.running(name).kill(signal);
    await this.running(name).exited();
  }

  /** etcd forgets all that was before now. What the API server remembers goes with its process. */
  async compact(): Promise<void> {
    const { header } = await this.#ask('range', { key: Buffer.from('/registry/health').toString('base64') });
    await this.#ask('compaction', { revision: header.revision, physical: true });
  }

  async #ask(what: string, body: object): Promise<{ header: { revision: string } }> {
    const url = `${this.#etcd}/v3/kv/${what}`;
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`could not ask etcd for ${what}: ${await answer.text()}`);
    return (await answer.json()) as { header: { revision: string } };
  }

  untilReady(): Promise<void> {
    return this.#isReady();
  }
}
