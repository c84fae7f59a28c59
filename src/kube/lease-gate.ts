// The last line of defence against two writers: a client that reads always, and writes only
// while this process leads. What is under way when the term ends is aborted.

import { TransportError } from './errors.ts';
import type { KubeClient, KubeRequest, KubeResponse, WatchEvent, WatchRequest } from './kube-client.ts';

export interface Leadership {
  /** By the clock, not by a timer: true means that no other replica can be leader yet. */
  isLeader(): boolean;
  /** Of the term that runs, aborted when that is over; an aborted one while there is none. */
  readonly signal: AbortSignal;
}

/** Nothing was sent. */
export class NotLeaderError extends TransportError {
  constructor(what: string) {
    super(`could not ${what}: this replica is not the leader`);
    this.name = 'NotLeaderError';
  }
}

export class LeaderOnlyClient implements KubeClient {
  readonly #client: KubeClient;
  readonly #leadership: Leadership;

  constructor(client: KubeClient, leadership: Leadership) {
    this.#client = client;
    this.#leadership = leadership;
  }

  get endsDeadWatches(): boolean {
    return this.#client.endsDeadWatches === true;
  }

  async request<T>(request: KubeRequest): Promise<KubeResponse<T>> {
    if (request.method === 'GET') return this.#client.request<T>(request);
    const permit = (): void => {
      if (!this.#leadership.isLeader()) throw new NotLeaderError(`${request.method} ${request.path}`);
    };
    permit();
    const term = this.#leadership.signal;
    const signal = request.signal === undefined ? term : AbortSignal.any([request.signal, term]);
    // Asked again when it is sent: it may have waited for its turn, or the process may have been
    // stopped for a while, and then no timer has ended the term yet.
    return this.#client.request<T>({ ...request, signal, permit });
  }

  watch(request: WatchRequest): AsyncIterable<WatchEvent> {
    return this.#client.watch(request);
  }
}
