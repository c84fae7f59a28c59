// The writes of one run in one namespace: with the priority of its key, and not all at once, so
// that a namespace with thousands of ServiceAccounts leaves the others their turn.

import type { KubeClient, KubeRequest, KubeResponse, WatchEvent, WatchRequest } from '../kube/kube-client.ts';
import type { Priority } from '../kube/limiter.ts';

/** Writes of one namespace that are under way, or wait among those of the others. */
const AT_ONCE = 8;

export class NamespaceClient implements KubeClient {
  readonly #client: KubeClient;
  readonly #priority: Priority;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(client: KubeClient, priority: Priority) {
    this.#client = client;
    this.#priority = priority;
  }

  request<T>(request: KubeRequest): Promise<KubeResponse<T>> {
    // The second half of something begun has had its turn.
    if (this.#running < AT_ONCE || request.goesFirst) return this.#send(request);
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => this.#send<T>(request).then(resolve, reject));
    });
  }

  watch(request: WatchRequest): AsyncIterable<WatchEvent> {
    return this.#client.watch(request);
  }

  #send<T>(request: KubeRequest): Promise<KubeResponse<T>> {
    this.#running++;
    const answer = this.#client.request<T>({ ...request, priority: this.#priority });
    const end = (): void => {
      this.#running--;
      this.#waiting.shift()?.();
    };
    answer.then(end, end);
    return answer;
  }
}
