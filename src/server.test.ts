// Real sockets: what a probe and a scrape get.

import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import type { LogFields } from './log.ts';
import { createMetrics } from './metrics.ts';
import { type RunningServer, serveHealth, serveMetrics } from './server.ts';

const loopback = { host: '127.0.0.1', port: 0 };
const servers: RunningServer[] = [];
const failed: unknown[] = [];
const onError = (message: string, fields?: LogFields): void => void failed.push([message, fields]);

async function started(starting: Promise<RunningServer>): Promise<string> {
  const server = await starting;
  servers.push(server);
  return `http://127.0.0.1:${server.address.port}`;
}

async function get(url: string, method = 'GET'): Promise<[status: number, text: string]> {
  const response = await fetch(url, { method });
  return [response.status, await response.text()];
}

describe('the servers', () => {
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
    failed.length = 0;
  });

  it('are healthy while they answer', async () => {
    const url = await started(serveHealth(loopback, () => ['never'], onError));
    expect(await get(`${url}/healthz`)).to.deep.equal([200, 'ok\n']);
  });

  it('are ready once nothing is left, and name what is left until then', async () => {
    let left = ['secrets are not listed yet', 'namespaces are not listed yet'];
    const url = await started(serveHealth(loopback, () => left, onError));
    expect(await get(`${url}/readyz?verbose`)).to.deep.equal([
      503,
      'not ready: secrets are not listed yet\nnot ready: namespaces are not listed yet\n',
    ]);
    left = [];
    expect(await get(`${url}/readyz`)).to.deep.equal([200, 'ok\n']);
  });

  it('serve the metrics', async () => {
    const url = await started(serveMetrics(loopback, createMetrics('0.0.0'), onError));
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get('content-type')).to.match(/^text\/plain; version=0\.0\.4/);
    expect(await response.text()).to.include('process_cpu_seconds_total');
  });

  it('answer HEAD without a body, refuse other methods, and know no other path', async () => {
    const url = await started(serveHealth(loopback, () => [], onError));
    expect(await get(`${url}/healthz`, 'HEAD')).to.deep.equal([200, '']);
    expect(await get(`${url}/healthz`, 'POST')).to.deep.equal([405, 'only GET and HEAD\n']);
    expect(await get(`${url}/constructor`)).to.deep.equal([404, 'not here; there is /healthz and /readyz\n']);
  });

  it('survive an answer that fails, and tell the log why and nobody else', async () => {
    const error = new Error('geheim');
    const health = await started(
      serveHealth(
        loopback,
        () => {
          throw error;
        },
        onError,
      ),
    );
    const text = () => Promise.reject(error);
    const metrics = await started(serveMetrics(loopback, { text, contentType: 'text/plain' }, onError));
    expect(await get(`${health}/readyz`)).to.deep.equal([500, 'could not answer\n']);
    expect(await get(`${metrics}/metrics`)).to.deep.equal([500, 'could not answer\n']);
    expect(await get(`${health}/healthz`)).to.deep.equal([200, 'ok\n']);
    expect(failed).to.deep.equal([
      ['could not answer a request', { path: '/readyz', error }],
      ['could not answer a request', { path: '/metrics', error }],
    ]);
  });

  it('say in one line which address is taken and which flag to change', async () => {
    await started(serveMetrics(loopback, createMetrics('0.0.0'), onError));
    const taken = { host: '127.0.0.1', port: servers[0]?.address.port ?? 0 };
    const error = await serveHealth(taken, () => [], onError).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).to.equal(
      `could not listen on 127.0.0.1:${taken.port} for health: something else listens there; choose another address with --health-address`,
    );
  });

  it('close at once though a connection is kept open', async () => {
    const url = await started(serveHealth(loopback, () => [], onError));
    const half = connect(Number(new URL(url).port), '127.0.0.1');
    half.on('error', () => {}).write('GET /healthz HTTP/1.1\r\n');
    await once(half, 'connect');
    await get(`${url}/healthz`);
    await servers.splice(0)[0]?.close();
    const refused = await fetch(`${url}/healthz`).then(
      () => false,
      () => true,
    );
    expect(refused).to.equal(true);
  });
});
