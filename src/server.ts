// The two things that are asked of the operator over HTTP: is it well, and what
// has it counted. Apart, because probes and scrapes are let in from different places.

import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { formatListenAddress, type ListenAddress } from './listen-address.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { sharedAnswer } from './shared-answer.ts';

export interface RunningServer {
  /** Where it really listens: port 0 has become one. */
  readonly address: ListenAddress;
  /** Ends open connections too. */
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly text: string | Buffer;
  readonly type?: string;
}
type Routes = Readonly<Record<string, () => Answer | Promise<Answer>>>;

/** Told when an answer fails, and why; whoever asked hears only that it did. */
export type OnError = Log['error'];

/** Milliseconds, within which whoever asks has to get on: nobody else is to be kept out by one who does not. */
const PATIENCE: ServerOptions = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};
/** Milliseconds without a byte, also of one that asked and does not read the answer. */
const LONGEST_SILENCE = 20_000;
/** Of /metrics. Each replica of a Prometheus has one; whoever comes beyond is turned away. The kubelet never is. */
const MOST_SCRAPERS = 64;

/** `notReady` gives one line for each thing that is not ready yet. */
export function serveHealth(
  address: ListenAddress,
  notReady: () => readonly string[],
  onError: OnError,
): Promise<RunningServer> {
  const routes: Routes = {
    '/healthz': () => ({ status: 200, text: 'ok\n' }),
    '/readyz': () => {
      const reasons = notReady();
      if (reasons.length === 0) return { status: 200, text: 'ok\n' };
      return { status: 503, text: reasons.map(reason => `not ready: ${reason}\n`).join('') };
    },
  };
  return serve('health', address, routes, onError);
}

export function serveMetrics(
  address: ListenAddress,
  metrics: Pick<Metrics, 'text' | 'contentType'>,
  onError: OnError,
): Promise<RunningServer> {
  // Once in bytes, whoever they are for: there may be a megabyte of them.
  const page = sharedAnswer(async () => Buffer.from(await metrics.text()));
  const routes: Routes = {
    '/metrics': async () => ({ status: 200, text: await page(), type: metrics.contentType }),
  };
  return serve('metrics', address, routes, onError, MOST_SCRAPERS);
}

async function serve(
  purpose: string,
  address: ListenAddress,
  routes: Routes,
  onError: OnError,
  mostConnections = Number.POSITIVE_INFINITY,
): Promise<RunningServer> {
  const server = createServer(PATIENCE, answerFrom(routes, onError));
  server.setTimeout(LONGEST_SILENCE);
  server.maxConnections = mostConnections;
  try {
    await listen(server, address);
  } catch (error) {
    const where = formatListenAddress(address);
    throw new Error(
      `could not listen on ${where} for ${purpose}: ${explain(error)} with --${purpose}-address`,
      { cause: error },
    );
  }
  const bound = server.address() as AddressInfo;
  return {
    address: { host: address.host === undefined ? undefined : bound.address, port: bound.port },
    close: () =>
      new Promise((resolve, reject) => {
        server.close(error => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function answerFrom(routes: Routes, onError: OnError): RequestListener {
  const asking = new WeakSet<Socket>();
  return async (request, response) => {
    const { socket } = request;
    // Thousands of requests come in one piece otherwise, and all of them before anything else is looked at; and whoever
    // asks on, and does not read, would have us keep all that he asked for.
    if (asking.has(socket)) return void socket.destroy();
    asking.add(socket);
    response.once('close', () => asking.delete(socket));
    const answer = await route(routes, request.method, request.url, onError);
    response.writeHead(answer.status, {
      'content-type': answer.type ?? 'text/plain; charset=utf-8',
      'content-length': Buffer.byteLength(answer.text),
      'cache-control': 'no-store',
    });
    response.end(request.method === 'HEAD' ? undefined : answer.text);
  };
}

async function route(
  routes: Routes,
  method: string | undefined,
  url: string | undefined,
  onError: OnError,
): Promise<Answer> {
  const path = (url ?? '').split('?', 1)[0] ?? '';
  const handle = routes[path];
  if (handle === undefined)
    return { status: 404, text: `not here; there is ${Object.keys(routes).join(' and ')}\n` };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, text: 'only GET and HEAD\n' };
  try {
    return await handle();
  } catch (error) {
    onError('could not answer a request', { path, error });
    return { status: 500, text: 'could not answer\n' };
  }
}

function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'something else listens there; choose another address';
  if (code === 'EACCES') return 'not allowed to; choose a port of 1024 or higher';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return 'no such address on this machine; choose another';
  return `${message}; choose another address`;
}
