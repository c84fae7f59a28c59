// What is in a running process: its heap after a collection, and how many objects of a kind it holds. Over
// the inspector on loopback, so that the operator needs nothing for it.

import { readdir, readlink } from 'node:fs/promises';
import { until } from '../cluster/until.ts';

export interface Holdings {
  /** Megabytes of 10^6 bytes, after a collection. */
  readonly heap: number;
  /** Sockets, by the operating system's account. */
  readonly sockets: number;
  /** Live objects, by the name of their class. */
  readonly objects: Readonly<Record<string, number>>;
}

type Answer = {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
};

/** Whoever leaks leaks one of these: each costs more than its own memory. */
const CLASSES = {
  sockets: "process.getBuiltinModule('net').Socket.prototype",
  signals: 'AbortSignal.prototype',
  timers: 'Object.getPrototypeOf(setTimeout(() => {}, 0))',
  listeners: 'Object.getPrototypeOf(listenerOf(new EventTarget()))',
};

/** Node warns of no number of them on an AbortSignal, and keeps them behind a symbol of its own. */
const LISTENER_OF = `function listenerOf(target) {
  target.addEventListener('any', () => {});
  const kept = Object.getOwnPropertySymbols(target).find(({ description }) => description === 'kEvents');
  return target[kept].get('any').next;
}`;

/** Seconds. */
const PATIENCE = 20;

export class Inside {
  readonly #pid: number;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #asked = 0;

  private constructor(pid: number, socket: WebSocket) {
    this.#pid = pid;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#hear(JSON.parse(String(data))));
  }

  /** The process was started with `--inspect` on that port. */
  static async of(pid: number, port: number): Promise<Inside> {
    const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
      webSocketDebuggerUrl: string;
    }[];
    if (target === undefined) throw new Error('there is nothing to inspect');
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error('could not inspect the process')));
    });
    return new Inside(pid, socket);
  }

  async holdings(): Promise<Holdings> {
    // Twice: what a finalizer lets go of goes the second time.
    for (let times = 0; times < 2; times++) await this.#ask('HeapProfiler.collectGarbage');
    const { usedSize } = (await this.#ask('Runtime.getHeapUsage')) as { usedSize: number };
    const objects: Record<string, number> = {};
    for (const [name, prototype] of Object.entries(CLASSES)) objects[name] = await this.#count(prototype);
    return { heap: usedSize / 1e6, sockets: await this.#sockets(), objects };
  }

  /** Once there are no more of them than that: a socket takes a moment to close. */
  async calmHoldings(sockets: number): Promise<Holdings> {
    await until(`${sockets} sockets at most`, async () => (await this.#sockets()) <= sockets, PATIENCE);
    return this.holdings();
  }

  close(): void {
    this.#socket.close();
  }

  async #count(expression: string): Promise<number> {
    const { result: prototype } = (await this.#ask('Runtime.evaluate', {
      expression: `(() => { ${LISTENER_OF}; return ${expression}; })()`,
    })) as { result: { objectId: string } };
    const { objects } = (await this.#ask('Runtime.queryObjects', {
      prototypeObjectId: prototype.objectId,
      objectGroup: 'count',
    })) as { objects: { objectId: string } };
    const { result } = (await this.#ask('Runtime.callFunctionOn', {
      objectId: objects.objectId,
      functionDeclaration: 'function () { return this.length }',
      returnByValue: true,
    })) as { result: { value: number } };
    await this.#ask('Runtime.releaseObjectGroup', { objectGroup: 'count' });
    return result.value;
  }

  async #sockets(): Promise<number> {
    const folder = `/proc/${this.#pid}/fd`;
    const links = await Promise.all(
      (await readdir(folder)).map(fd => readlink(`${folder}/${fd}`).catch(() => '')),
    );
    return links.filter(link => link.startsWith('socket:')).length;
  }

  #ask(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#asked;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answer.promise;
  }

  #hear({ id = 0, result, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error.message));
  }
}

export const inWords = ({ heap, sockets, objects }: Holdings): string =>
  `${heap.toFixed(2)} MB of heap, ${sockets} sockets; live ${Object.entries(objects)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')}`;
