// TLS material that changes while we run, against real TLS servers on loopback.

import { once } from 'node:events';
import {
  createServer as createProxyServer,
  type IncomingMessage,
  type Server as ProxyServer,
} from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect } from 'chai';
import { failureOf } from '../testing/client-rig.ts';
import { AUTHORITY_A, AUTHORITY_B } from '../testing/test-certificates.ts';
import { HttpKubeClient } from './client.ts';
import type { Endpoint, TlsMaterial } from './endpoint.ts';
import { TransportError } from './errors.ts';

const request = { method: 'PATCH', path: '/x', body: {} } as const;

describe('the connections', () => {
  let server: Server;
  let client: HttpKubeClient;
  let endpoint: Endpoint;
  let tls: TlsMaterial;
  let sockets: Duplex[];
  /** What the server waits for before it answers; a watch gets its headers at once, and no more. */
  let release: Promise<void>;

  beforeEach(async () => {
    sockets = [];
    release = Promise.resolve();
    server = createServer(AUTHORITY_A, (incoming, response) => {
      if (incoming.url?.includes('watch')) response.flushHeaders();
      else void release.then(() => response.end('{"kind":"Secret"}'));
    });
    server.on('secureConnection', socket => sockets.push(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    tls = { ca: AUTHORITY_A.cert };
    endpoint = {
      server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      namespace: undefined,
      proxyUrl: undefined,
      authenticate: async () => ({ headers: {}, tls: { ...tls } }),
      renew: () => {},
    };
    client = new HttpKubeClient({ endpoint, version: '0' });
  });

  afterEach(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
  });

  it('are kept as long as the TLS material is the same', async () => {
    for (let count = 0; count < 20; count++) await client.request(request);
    expect(sockets).to.have.length(1);
  });

  it('are made anew when the CA changes, and the old ones are closed', async () => {
    await client.request(request);
    const closed = once(sockets[0] as Duplex, 'close');
    tls = { ca: AUTHORITY_B.cert + AUTHORITY_A.cert };
    await client.request(request);
    await closed;
    expect(sockets).to.have.length(2);
  });

  it('of old serve to the end what is under way, and are closed then', async () => {
    const [answer, asked] = [Promise.withResolvers<void>(), once(server, 'request')];
    release = answer.promise;
    const slow = client.request(request);
    await asked;
    tls = { ca: AUTHORITY_B.cert + AUTHORITY_A.cert };
    const [closed, other] = [once(sockets[0] as Duplex, 'close'), client.request(request)];
    answer.resolve();
    expect([(await slow).status, (await other).status]).to.deep.equal([200, 200]);
    await closed;
  });

  it('are closed when the requests under way have their answers, and watches are cut', async () => {
    const answer = Promise.withResolvers<void>();
    release = answer.promise;
    const watch = { path: '/w', query: {}, signal: new AbortController().signal };
    const watching = failureOf(client.watch(watch).next());
    const asked = once(server, 'request').then(() => once(server, 'request'));
    const slow = client.request(request);
    await asked;
    const closed = client.close();
    expect(await watching).to.be.instanceOf(TransportError);
    answer.resolve();
    expect((await slow).status).to.equal(200);
    await closed;
  });

  it('are refused to a server of another CA, until that is the one we have', async () => {
    tls = { ca: AUTHORITY_B.cert };
    const error = await client.request(request).catch((failure: unknown) => failure);
    expect(error).to.be.instanceOf(TransportError);
    expect((error as Error).message).to.contain('certificate');
    tls = { ca: AUTHORITY_A.cert };
    expect((await client.request(request)).status).to.equal(200);
  });

  it('obey insecure-skip-tls-verify', async () => {
    tls = { rejectUnauthorized: false };
    expect((await client.request(request)).status).to.equal(200);
  });

  it('go through a proxy as a tunnel, with the CA of the API server', async () => {
    const asked: string[] = [];
    const proxy = createProxy((incoming, socket) => {
      asked.push(`${incoming.url} ${incoming.headers['proxy-authorization']}`);
      const { hostname, port } = new URL(`http://${incoming.url}`);
      const onward = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    const proxyUrl = `http://user:word@127.0.0.1:${port}`;
    const proxied = new HttpKubeClient({ endpoint: { ...endpoint, proxyUrl }, version: '0' });
    try {
      expect((await proxied.request(request)).status).to.equal(200);
      expect(asked).to.deep.equal([`${new URL(endpoint.server).host} Basic ${btoa('user:word')}`]);
    } finally {
      await proxied.close();
      proxy.close();
    }
  });
});

function createProxy(onConnect: (request: IncomingMessage, socket: Duplex) => void): ProxyServer {
  return createProxyServer().on('connect', onConnect);
}
