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
import { HttpKubeClient } from './client.ts';
import type { Endpoint, TlsMaterial } from './endpoint.ts';
import { TransportError } from './errors.ts';
import { AUTHORITY_A, AUTHORITY_B } from './test-certificates.ts';

const request = { method: 'PATCH', path: '/x', body: {} } as const;

describe('the connections', () => {
  let server: Server;
  let client: HttpKubeClient;
  let endpoint: Endpoint;
  let tls: TlsMaterial;
  let sockets: Duplex[];

  beforeEach(async () => {
    sockets = [];
    server = createServer(AUTHORITY_A, (_, response) => response.end('{}'));
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
    // undici counts a connection as busy for a turn longer than we wait for its answer.
    expect(sockets).to.have.length.at.most(2);
  });

  it('are made anew when the CA changes, and the old ones are closed', async () => {
    await client.request(request);
    const closed = once(sockets[0] as Duplex, 'close');
    tls = { ca: AUTHORITY_B.cert + AUTHORITY_A.cert };
    await client.request(request);
    await closed;
    expect(sockets).to.have.length(2);
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
