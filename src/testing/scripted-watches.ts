// For the tests of the reflector: a client whose watches do what the test says, frame by frame.

import type { KubeClient, KubeObject, KubeResponse, WatchEvent, WatchRequest } from '../kube/kube-client.ts';

type Step = WatchEvent | Error | 'end';

/** One watch as the reflector opened it. */
export class ScriptedWatch {
  readonly request: WatchRequest;
  readonly #steps: Step[] = [];
  #wake = (): void => {};

  constructor(request: WatchRequest) {
    this.request = request;
    request.signal.addEventListener('abort', () => this.#push(new Error('aborted')), { once: true });
  }

  open(): this {
    this.request.onOpen?.();
    return this;
  }

  send(type: WatchEvent['type'], name: string, resourceVersion: string): this {
    return this.#push({ type, object: object(name, resourceVersion) });
  }

  /** The bookmark that ends a list. */
  listed(resourceVersion: string): this {
    const bookmark = object('', resourceVersion);
    bookmark.metadata.annotations = { 'k8s.io/initial-events-end': 'true' };
    return this.#push({ type: 'BOOKMARK', object: bookmark });
  }

  fail(error: Error): void {
    this.#push(error);
  }

  end(): void {
    this.#push('end');
  }

  async *events(): AsyncGenerator<WatchEvent, void, undefined> {
    for (;;) {
      const step = this.#steps.shift();
      if (step === 'end') return;
      if (step instanceof Error) throw step;
      if (step !== undefined) yield step;
      else await new Promise<void>(resolve => (this.#wake = resolve));
    }
  }

  #push(step: Step): this {
    this.#steps.push(step);
    this.#wake();
    return this;
  }
}

export class ScriptedClient implements KubeClient {
  readonly watches: ScriptedWatch[] = [];
  endsDeadWatches = false;
  /** The resourceVersion of the server, as a list of one object would tell. */
  resourceVersion = '1000000';
  /** All but watches. */
  requests = 0;

  get last(): ScriptedWatch {
    const last = this.watches.at(-1);
    if (last === undefined) throw new Error('no watch has been opened');
    return last;
  }

  watch(request: WatchRequest): AsyncIterable<WatchEvent> {
    const watch = new ScriptedWatch(request);
    this.watches.push(watch);
    return watch.events();
  }

  async request<T>(): Promise<KubeResponse<T>> {
    this.requests++;
    return { status: 200, body: { metadata: { resourceVersion: this.resourceVersion } } as T };
  }
}

function object(name: string, resourceVersion: string): KubeObject {
  return { metadata: { name, namespace: 'ns', uid: `uid-${name}`, resourceVersion } };
}
