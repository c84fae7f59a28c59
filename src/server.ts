// The two things that are asked of the operator over HTTP: is it well, and what
// has it counted. Apart, because probes and scrapes are let in from different places.

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatListenAddress, type ListenAddress } from './listen-address.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

export interface RunningServer {
  /** Where it really listens: port 0 has become one. */
  readonly address: ListenAddress;
  /** Ends open connections too. */
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly type?: string;
}
type Routes = Readonly<Record<string, () => Answer | Promise<Answer>>>;

/** Told when an answer fails, and why; whoever asked hears only that it did. */
export type OnError = Log['error'];

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
  const routes: Routes = {
    '/metrics': async () => ({ status: 200, text: await metrics.text(), type: metrics.contentType }),
  };
  return serve('metrics', address, routes, onError);
}

async function serve(
  purpose: string,
  address: ListenAddress,
  routes: Routes,
  onError: OnError,
): Promise<RunningServer> {
  const server = createServer(answerFrom(routes, onError));
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
  return async (request, response) => {
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
