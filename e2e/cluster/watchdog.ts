// Starts programs that must not outlive this process. They are children of a guard process in a session
// of its own, which sees the channel to us close however we end, kills them and removes the folder.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the program; default: ours. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Path of the file that takes its output, appended. */
  readonly log: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningProgram {
  readonly name: string;
  readonly pid: number;
  readonly log: string;
  /** Undefined while it runs. */
  exit(): Exit | undefined;
  exited(): Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
}

/** A command to run after the programs are gone and before the folder goes. */
export type LastCommand = Pick<Program, 'command' | 'args' | 'env'>;

/** What we ask of the guard. */
export type Request =
  | { readonly start: Program; readonly id: number }
  | { readonly atEnd: LastCommand; readonly id: number };

/** What the guard tells us. */
export type Notice =
  | { readonly id: number; readonly done: true; readonly pid?: number }
  | { readonly id: number; readonly failed: string }
  | { readonly id: number; readonly exit: Exit };

type Ask = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;

export class Watchdog {
  readonly folder: string;
  readonly #guard: ChildProcess;
  readonly #notices = new Map<number, (notice: Notice) => void>();
  #waiting = 0;
  #nextId = 1;

  private constructor(folder: string, guard: ChildProcess) {
    this.folder = folder;
    this.#guard = guard;
    guard.on('message', (notice: Notice) => this.#notices.get(notice.id)?.(notice));
    // A test run that forgets to stop its cluster must end all the same: the guard then cleans up.
    guard.unref();
    guard.channel?.unref();
  }

  /** @param folder removed at the end; default: a new one under the temporary folder */
  static async start(folder?: string): Promise<Watchdog> {
    const dir = folder ?? (await mkdtemp(join(tmpdir(), 'regcred-')));
    const guard = fork(new URL('./guard.ts', import.meta.url), [dir], {
      detached: true,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return new Watchdog(dir, guard);
  }

  async run(program: Program): Promise<RunningProgram> {
    const { promise: exited, resolve } = Promise.withResolvers<Exit>();
    let exit: Exit | undefined;
    const pid = await this.#ask({ start: program }, notice => {
      exit = notice;
      resolve(notice);
    });
    return {
      name: program.name,
      pid,
      log: program.log,
      exit: () => exit,
      exited: () => this.#whileWaiting(exited),
      kill: signal => {
        if (exit === undefined) process.kill(pid, signal);
      },
    };
  }

  async atEnd(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<void> {
    await this.#ask({ atEnd: { command, args, env } });
  }

  /** Kills what runs, removes the folder, and returns when both are done. */
  async stop(): Promise<void> {
    if (this.#guard.exitCode !== null || this.#guard.signalCode !== null) return;
    this.#guard.ref();
    const gone = once(this.#guard, 'exit');
    if (this.#guard.connected) this.#guard.disconnect();
    await gone;
  }

  #ask(ask: Ask, onExit?: (exit: Exit) => void): Promise<number> {
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#notices.set(id, notice => {
      if ('exit' in notice) onExit?.(notice.exit);
      else if ('failed' in notice) reject(new Error(notice.failed));
      else resolve(notice.pid ?? 0);
    });
    this.#guard.send({ ...ask, id }, error => {
      if (error !== null) reject(new Error('the guard process of the cluster is gone', { cause: error }));
    });
    return this.#whileWaiting(promise);
  }

  /** Keeps this process alive for an answer, and only for that. */
  async #whileWaiting<T>(answer: Promise<T>): Promise<T> {
    if (this.#waiting++ === 0) this.#guard.channel?.ref();
    try {
      return await answer;
    } finally {
      if (--this.#waiting === 0) this.#guard.channel?.unref();
    }
  }
}
