// The connections of one client of one replica: what HttpKubeClient sends goes to the API server
// in memory, by way of a network that delays and fails.

import type { TlsMaterial } from '../../kube/endpoint.ts';
import { ApiError } from '../../kube/errors.ts';
import type { KubeObject, KubeRequest } from '../../kube/kube-client.ts';
import type { CompleteAnswer, OpenedAnswer, Transport } from '../../kube/transport.ts';
import type { Outgoing } from '../../net/exchange.ts';
import { keyOf, parsePath } from '../resources.ts';
import { call } from './call.ts';
import type { Decision } from './decisions.ts';
import { FrameStream } from './frame-stream.ts';
import type { Caller, Network, Sent } from './network.ts';
import { requestOf, textOf } from './wire-format.ts';

/** A watch that was answered with something else than a stream. */
class Refused implements OpenedAnswer {
  readonly statusCode: number;
  readonly answer: CompleteAnswer;

  constructor(answer: CompleteAnswer) {
    this.statusCode = answer.status;
    this.answer = answer;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    yield Buffer.from(this.answer.text);
  }
}

export class SimTransport implements Transport {
  readonly endsDeadWatches = false;
  readonly #network: Network;
  readonly #caller: Caller;
  readonly #decisionOf: (request: KubeRequest) => Decision;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #streams = new Set<FrameStream>();

  constructor(network: Network, caller: Caller, decisionOf: (request: KubeRequest) => Decision) {
    this.#network = network;
    this.#caller = caller;
    this.#decisionOf = decisionOf;
  }

  send(_tls: TlsMaterial, outgoing: Outgoing): Promise<CompleteAnswer> {
    const sent = this.#sent(outgoing);
    let learn = (): void => undefined;
    const carryOut = () => {
      const { status, body } = this.#network.carryOut(sent);
      learn = () => this.#learn(sent, body as KubeObject);
      return { answer: { status, retryAfter: undefined, text: textOf(body) } };
    };
    const answered = call<CompleteAnswer>(this.#network, sent, outgoing, carryOut, refusal => refusal)
      .then(answer => {
        learn();
        return answer;
      })
      .finally(() => this.#underWay.delete(answered));
    this.#underWay.add(answered);
    return answered;
  }

  open(_tls: TlsMaterial, outgoing: Outgoing): Promise<OpenedAnswer> {
    const sent = this.#sent(outgoing);
    return call<OpenedAnswer>(
      this.#network,
      sent,
      outgoing,
      () => this.#opened(sent, outgoing),
      refusal => new Refused(refusal),
    );
  }

  complete(answer: OpenedAnswer): Promise<CompleteAnswer> {
    return Promise.resolve((answer as Refused).answer);
  }

  async close(): Promise<void> {
    for (const stream of this.#streams) stream.abort(new Error('the client is closed'));
    await Promise.allSettled(this.#underWay);
  }

  #learn({ target, request }: Sent, { metadata }: KubeObject): void {
    if (request.method === 'GET' || metadata?.resourceVersion === undefined) return;
    const key = keyOf(metadata.namespace, metadata.name);
    this.#caller.views.answer(target.resource.name, key, Number(metadata.resourceVersion));
  }

  #opened(sent: Sent, { signal }: Outgoing) {
    const { path, query = {} } = sent.request;
    const source = this.#source(path, query);
    const stream = new FrameStream(this.#network, this.#caller, path, query);
    this.#streams.add(stream);
    const abort = (): void => stream.abort(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    if (source instanceof ApiError) stream.tell(source);
    else stream.follow(source);
    return { answer: stream, drop: abort };
  }

  /** A 410 comes in the stream as often as instead of one. */
  #source(path: string, query: Readonly<Record<string, string>>) {
    try {
      return this.#network.follow({ path, query, signal: new AbortController().signal });
    } catch (error) {
      if (error instanceof ApiError && error.code === 410 && this.#network.random() < 0.5) return error;
      throw error;
    }
  }

  #sent(outgoing: Outgoing): Sent {
    const request = requestOf(outgoing);
    return {
      caller: this.#caller,
      request,
      target: parsePath(request.path),
      decision: this.#decisionOf(request),
    };
  }
}
