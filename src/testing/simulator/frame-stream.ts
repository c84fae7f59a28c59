// One open watch between the API server and a replica: frames arrive in their order, each after
// a delay, until the watch is cut in one of the ways in which watches are cut.

import type { ApiError } from '../../kube/errors.ts';
import type { WatchEvent } from '../../kube/kube-client.ts';
import type { OpenedAnswer } from '../../kube/transport.ts';
import { parsePath } from '../resources.ts';
import type { WatchStream } from '../watch-stream.ts';
import { type Caller, delayOf, type Network } from './network.ts';
import { olderList } from './older-list.ts';
import { type Topic, topicOfWatch } from './views.ts';
import { errorFrame, frame } from './wire-format.ts';

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

interface Arrived {
  readonly text: string;
  readonly event: WatchEvent | undefined;
}

export class FrameStream implements OpenedAnswer {
  readonly statusCode = 200;
  readonly caller: Caller;
  readonly resource: string;
  readonly #network: Network;
  readonly #topic: Topic;
  #listing: boolean;
  #source: WatchStream | undefined;
  #arriving = 0;
  #isCut = false;
  readonly #queue: Arrived[] = [];
  #end: { readonly error?: Error } | undefined;
  #wake: (() => void) | undefined;

  constructor(network: Network, caller: Caller, path: string, query: Readonly<Record<string, string>>) {
    this.#network = network;
    this.caller = caller;
    this.resource = parsePath(path).resource.name;
    this.#topic = topicOfWatch(path, query.fieldSelector);
    this.#listing = query.sendInitialEvents === 'true';
    network.watches.add(this);
  }

  /** Takes what the server has to tell from now on. */
  follow(source: WatchStream): void {
    this.#source = source;
    if (this.#isCut) source.close();
    void this.#forward(source);
  }

  /** The server says so in the stream, as it does with a 410 where its cache knows better than etcd. */
  tell(error: ApiError): void {
    this.#later(() => this.#push(errorFrame(error)));
    this.cut('clean');
  }

  cut(how: 'clean' | 'error' | 'midFrame') {
    if (this.#isCut) return;
    this.#isCut = true;
    this.#network.watches.delete(this);
    this.#source?.close();
    if (how === 'clean') return this.#later(() => this.#finish({}));
    if (how === 'midFrame') this.#push('{"type":"MODIFIED","object":{"metadata":{"na');
    this.#finish({ error: Object.assign(new Error('aborted'), { code: 'ECONNRESET' }) });
  }

  /** From the near end, or together with it. */
  abort(reason: unknown): void {
    this.#isCut = true;
    this.#network.watches.delete(this);
    this.#source?.close();
    this.#finish({ error: reason instanceof Error ? reason : new Error('aborted') });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const arrived = this.#queue.shift();
        if (arrived !== undefined) yield this.#read(arrived);
        else if (this.#end === undefined) await new Promise<void>(resolve => (this.#wake = resolve));
        else if (this.#end.error !== undefined) throw this.#end.error;
        else return;
      }
    } finally {
      this.abort(undefined);
    }
  }

  async #forward(source: WatchStream): Promise<void> {
    const age = this.#listing ? this.#network.faults.staleness(this.resource) : undefined;
    if (age !== undefined) this.#network.faults.count('stale list');
    let isReplaced = age !== undefined;
    for await (const event of source) {
      if (isReplaced && !isListEnd(event)) continue;
      if (isReplaced && age !== undefined) {
        isReplaced = false;
        for (const older of olderList(this.#network, this.#topic, this.resource, age)) this.#send(older);
      }
      this.#send(event);
    }
    this.cut('clean');
  }

  #send(event: WatchEvent): void {
    if (this.#isCut) return;
    const text = frame(event.type, event.object);
    this.#later(() => this.#push(text, event));
  }

  /** From here on the replica knows it: what has arrived may still wait for the answer to begin. */
  #read({ text, event }: Arrived): Uint8Array {
    if (event !== undefined && isListEnd(event)) this.#listing = false;
    if (event !== undefined && !this.#listing)
      this.caller.views.show(this.#topic, Number(event.object.metadata.resourceVersion));
    return Buffer.from(text);
  }

  /** Nothing overtakes what was sent before. */
  #later(deliver: () => void): void {
    const { time, random, faults } = this.#network;
    const { index, clock } = this.caller;
    const delay = delayOf(random) + faults.delayOf(this.resource) + faults.partitionLeft(index);
    this.#arriving = Math.max(this.#arriving, time.now + delay);
    clock.setTimeout(() => this.#end === undefined && deliver(), this.#arriving - time.now);
  }

  #push(text: string, event?: WatchEvent): void {
    this.#queue.push({ text, event });
    this.#wake?.();
  }

  #finish(end: { readonly error?: Error }): void {
    if (this.caller.clock.isDead || this.#end !== undefined) return;
    this.#end = end;
    this.#wake?.();
  }
}

const isListEnd = ({ type, object }: WatchEvent): boolean =>
  type === 'BOOKMARK' && object.metadata.annotations?.[INITIAL_EVENTS_END] === 'true';
