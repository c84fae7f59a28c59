// The one file that sends requests to the API server: with a bound on parallel writes,
// short retries, and errors that hold no credential.

import { type Clock, type Random, systemClock } from '../clock.ts';
import type { Outgoing, Timeouts } from '../net/exchange.ts';
import { type Environment, proxyFor } from '../net/proxy.ts';
import type { Redactor } from '../redactor.ts';
import { Connection, TIMEOUTS } from './connection.ts';
import type { Authentication, Endpoint } from './endpoint.ts';
import { ApiError, TransportError } from './errors.ts';
import type { KubeClient, KubeRequest, KubeResponse, WatchEvent, WatchRequest } from './kube-client.ts';
import { Limiter } from './limiter.ts';
import { OwnCredentials } from './own-credentials.ts';
import { retryDelay } from './retry.ts';
import { sleep } from './sleep.ts';
import { errorOfAnswer, parseRetryAfter } from './status-error.ts';
import type { CompleteAnswer, OpenedAnswer, Transport } from './transport.ts';
import { transportFailure } from './transport-failure.ts';
import { watchEvents } from './watch-stream.ts';

export interface ClientOptions {
  readonly endpoint: Endpoint;
  /** Of the operator, for the User-Agent. */
  readonly version: string;
  /** For HTTPS_PROXY and NO_PROXY. */
  readonly environment?: Environment;
  readonly maxConcurrentWrites?: number;
  /** Called once for every attempt, for metrics. */
  readonly onRequest?: (sample: RequestSample) => void;
  /** Is told with what we log in. */
  readonly redactor?: Pick<Redactor, 'learn' | 'forget'>;
  readonly timeouts?: Timeouts;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Default: connections of its own. */
  readonly transport?: Transport;
}

export interface RequestSample {
  readonly method: KubeRequest['method'];
  /** Of the API server, with its port. */
  readonly host: string;
  /** HTTP status code, or "<error>" when there was no answer. */
  readonly code: string;
  /** Until the answer was complete; for a watch until it was open. */
  readonly seconds: number;
}

const DEFAULT_WRITES = 16;

export class HttpKubeClient implements KubeClient {
  readonly #endpoint: Endpoint;
  readonly #own: OwnCredentials;
  readonly #transport: Transport;
  readonly #writes: Limiter;
  readonly #userAgent: string;
  readonly #host: string;
  readonly #onRequest: (sample: RequestSample) => void;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(options: ClientOptions) {
    const { endpoint, maxConcurrentWrites = DEFAULT_WRITES } = options;
    this.#endpoint = endpoint;
    this.#host = new URL(endpoint.server).host;
    this.#userAgent = `regcred/${options.version}`;
    this.#onRequest = options.onRequest ?? (() => {});
    this.#clock = options.clock ?? systemClock;
    this.#writes = new Limiter(maxConcurrentWrites, this.#clock);
    this.#random = options.random ?? Math.random;
    const proxy = proxyFor(endpoint.server, endpoint.proxyUrl, options.environment ?? {});
    this.#own = new OwnCredentials(options.redactor);
    this.#own.noteProxy(proxy);
    this.#transport = options.transport ?? connectionFor(options, proxy);
  }

  get endsDeadWatches(): boolean {
    return this.#transport.endsDeadWatches;
  }

  async request<T>(request: KubeRequest): Promise<KubeResponse<T>> {
    const began = this.#clock.monotonic();
    for (let attempts = 1; ; attempts++) {
      try {
        return await this.#turn(request, () => this.#authenticated(() => this.#attempt<T>(request)));
      } catch (failure) {
        if (request.signal?.aborted) throw unwanted(request, failure);
        const tried = { method: request.method, attempts, elapsed: this.#clock.monotonic() - began };
        const delay = retryDelay(failure, tried, this.#random);
        if (delay === undefined) throw failure;
        const refused = this.#clock.monotonic();
        // The turn was given back: who waits for a retry does not hold up the others.
        await sleep(delay, this.#clock, request.signal).catch(reason => {
          // What the server said says more than that the caller lost patience, and until when to wait.
          if (!(failure instanceof ApiError)) throw unwanted(request, reason);
          throw failure.heardAfter(this.#clock.monotonic() - refused);
        });
      }
    }
  }

  watch(request: WatchRequest): AsyncGenerator<WatchEvent, void, undefined> {
    const what = `watch ${request.path}`;
    const open = async (): Promise<OpenedAnswer> => {
      const body = await this.#authenticated(() => this.#openWatch(request, what));
      request.onOpen?.();
      return body;
    };
    return watchEvents(open, what);
  }

  /** Finishes the requests under way and cuts the watches. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  #turn<T>(request: KubeRequest, work: () => Promise<T>): Promise<T> {
    return request.method === 'GET' ? work() : this.#writes.run(work, request);
  }

  /** A token that was rotated a moment ago is answered with 401: read it anew, once. */
  async #authenticated<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (failure) {
      if (!(failure instanceof ApiError && failure.code === 401)) throw failure;
      this.#endpoint.renew();
      return await work();
    }
  }

  async #login(): Promise<Authentication> {
    const authentication = await this.#endpoint.authenticate();
    this.#own.noteAuthentication(authentication);
    return authentication;
  }

  async #attempt<T>(request: KubeRequest): Promise<KubeResponse<T>> {
    const what = `${request.method} ${request.path}`;
    const observed = this.#observe(request.method);
    let code = '<error>';
    try {
      const authentication = await this.#login();
      request.permit?.();
      const answer = await this.#transport.send(authentication.tls, this.#outgoing(request, authentication));
      code = String(answer.status);
      if (answer.status >= 300) throw this.#refusal(answer, what);
      return { status: answer.status, body: parsed<T>(answer.text, what) };
    } catch (cause) {
      throw cause instanceof ApiError ? cause : transportFailure(what, cause);
    } finally {
      observed(code);
    }
  }

  async #openWatch(request: WatchRequest, what: string): Promise<OpenedAnswer> {
    const observed = this.#observe('GET');
    let code = '<error>';
    try {
      const authentication = await this.#login();
      const query = { ...request.query, watch: 'true' };
      const answer = await this.#transport.open(
        authentication.tls,
        this.#outgoing({ ...request, method: 'GET', query }, authentication),
      );
      code = String(answer.statusCode);
      if (answer.statusCode !== 200) throw this.#refusal(await this.#transport.complete(answer), what);
      return answer;
    } catch (cause) {
      throw cause instanceof ApiError ? cause : transportFailure(what, cause);
    } finally {
      observed(code);
    }
  }

  #outgoing(request: KubeRequest, authentication: Authentication): Outgoing {
    const query = new URLSearchParams(request.query ?? {}).toString();
    const url = new URL(`${this.#endpoint.server}${request.path}${query === '' ? '' : `?${query}`}`);
    const headers: Record<string, string> = {
      ...authentication.headers,
      accept: 'application/json',
      'user-agent': this.#userAgent,
    };
    const { method, body, signal } = request;
    if (body === undefined) return { url, method, headers, body, signal };
    headers['content-type'] = request.contentType ?? 'application/json';
    return { url, method, headers, signal, body: typeof body === 'string' ? body : JSON.stringify(body) };
  }

  #refusal({ status, retryAfter, text }: CompleteAnswer, what: string): ApiError {
    return errorOfAnswer(status, text, parseRetryAfter(retryAfter, this.#clock.now()), what);
  }

  #observe(method: KubeRequest['method']): (code: string) => void {
    const began = this.#clock.monotonic();
    return code => {
      this.#onRequest({ method, host: this.#host, code, seconds: (this.#clock.monotonic() - began) / 1000 });
    };
  }
}

const connectionFor = (
  { endpoint, timeouts = TIMEOUTS }: ClientOptions,
  proxy: string | undefined,
): Connection => new Connection({ server: endpoint.server, proxy, timeouts });

/** The caller's signal came first, whether during the request or before it was its turn. */
function unwanted(request: KubeRequest, cause: unknown): Error {
  return cause instanceof ApiError ? cause : transportFailure(`${request.method} ${request.path}`, cause);
}

/** A gateway that has lost its API server may answer 200 with whatever it has. */
function parsed<T>(text: string, what: string): T {
  const answer = json(text, what);
  if (typeof (answer as { kind?: unknown } | null)?.kind === 'string') return answer as T;
  throw new TransportError(`could not ${what}: the answer is no object of Kubernetes`);
}

function json(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, and that can be a Secret.
    throw new TransportError(`could not ${what}: the answer is not JSON`);
  }
}
