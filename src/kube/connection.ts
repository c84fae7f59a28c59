// The connections to the API server, kept alive and shared by all requests: a new one
// costs a TLS handshake. They are made anew when the TLS material has changed.

import { type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { TlsMaterial } from './endpoint.ts';

export interface ConnectionOptions {
  readonly server: string;
  readonly proxy: string | undefined;
  /** Most connections for requests; what is beyond waits. Watches have theirs besides, one each. */
  readonly connections: number;
  readonly timeouts: Timeouts;
}

/** Milliseconds. */
export interface Timeouts {
  readonly connect: number;
  readonly headers: number;
  readonly body: number;
}

export const TIMEOUTS: Timeouts = { connect: 10_000, headers: 30_000, body: 30_000 };

/** Bytes; no answer to a request of ours is near: lists are streamed as watches. */
const LARGEST_ANSWER = 16 * 1024 * 1024;

/** Milliseconds; below the 60 s after which many load balancers drop an idle connection without a word. */
const KEPT_ALIVE = 30_000;

/** Milliseconds of silence before TCP asks whether the peer is there; Node then asks each second, 10 times. */
const PROBED_AFTER = 15_000;

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #retiring = new Set<Pools>();
  #pools: Pools | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** For requests with an answer that ends. */
  requests(tls: TlsMaterial): Dispatcher {
    return this.#current(tls).requests;
  }

  /** For watches: as many connections as there are watches, or one watch too many would starve all requests. */
  watches(tls: TlsMaterial): Dispatcher {
    return this.#current(tls).watches;
  }

  /** Requests under way are finished, watches are cut. */
  async close(): Promise<void> {
    const all = [...this.#retiring];
    if (this.#pools !== undefined) all.push(this.#pools);
    this.#pools = undefined;
    await Promise.all(all.flatMap(pools => [pools.requests.close(), pools.watches.destroy()]));
  }

  #current(tls: TlsMaterial): Pools {
    const key = JSON.stringify(tls);
    if (this.#pools?.key !== key) {
      if (this.#pools !== undefined) this.#retire(this.#pools);
      this.#pools = { key, ...open(tls, this.#options) };
    }
    return this.#pools;
  }

  /** The old connections end with what runs on them; a watch lasts ten minutes at most (reflector.ts). */
  #retire(pools: Pools): void {
    this.#retiring.add(pools);
    void Promise.all([pools.requests.close(), pools.watches.close()]).finally(() => {
      this.#retiring.delete(pools);
    });
  }
}

interface Pools {
  /** Holds a private key: compared, never shown. */
  readonly key: string;
  readonly requests: Dispatcher;
  readonly watches: Dispatcher;
}

function open(tls: TlsMaterial, options: ConnectionOptions): Omit<Pools, 'key'> {
  const { connections, timeouts } = options;
  return {
    requests: dispatcher(tls, options, {
      connections,
      bodyTimeout: timeouts.body,
      maxResponseSize: LARGEST_ANSWER,
    }),
    watches: dispatcher(tls, options, { bodyTimeout: 0 }),
  };
}

function dispatcher(tls: TlsMaterial, options: ConnectionOptions, own: Pool.Options): Dispatcher {
  const { proxy, timeouts } = options;
  // HTTP/1.1: as fast here, and a connection lost is one request lost.
  const connect = { ...tls, timeout: timeouts.connect, allowH2: false, keepAliveInitialDelay: PROBED_AFTER };
  const shared = {
    ...own,
    allowH2: false,
    headersTimeout: timeouts.headers,
    keepAliveTimeout: KEPT_ALIVE,
    keepAliveMaxTimeout: KEPT_ALIVE,
  };
  if (proxy === undefined) return new Pool(new URL(options.server).origin, { ...shared, connect });
  const proxyTls = { timeout: timeouts.connect, allowH2: false, keepAliveInitialDelay: PROBED_AFTER };
  return new ProxyAgent({ ...shared, uri: proxy, requestTls: connect, proxyTls });
}
