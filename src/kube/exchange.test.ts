// Servers and proxies that take a connection and then say nothing, and one that speaks SOCKS.

import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import type { Outgoing, Timeouts } from '../net/exchange.ts';
import { failureOf } from '../testing/client-rig.ts';
import { AUTHORITY_A, AUTHORITY_B } from '../testing/test-certificates.ts';
import { Connection } from './connection.ts';

const SHORT: Timeouts = { connect: 100, headers: 100, body: 100 };
const LONG: Timeouts = { connect: 60_000, headers: 60_000, body: 60_000 };

const addressOf = (server: Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;
const get = (server: string, signal?: AbortSignal): Outgoing => ({
  url: new URL('/x', server),
  method: 'GET',
  headers: {},
  body: undefined,
  signal,
});

describe('an exchange', () => {
  const sockets = new Set<Socket>();
  const servers: Server[] = [];

  const listen = async (server: Server): Promise<string> => {
    servers.push(server.on('connection', (socket: Socket) => sockets.add(socket)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return addressOf(server);
  };

  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    for (const server of servers.splice(0)) server.close();
  });

  const failure = async (
    options: { server: string; proxy?: string; timeouts: Timeouts },
    signal?: AbortSignal,
  ) =>
    (await failureOf(new Connection({ proxy: undefined, ...options }).send({}, get(options.server, signal))))
      .message;

  it('ends when the server takes the connection and never shakes hands', async () => {
    const server = `https://${await listen(createServer())}`;
    expect(await failure({ server, timeouts: SHORT })).to.equal('no connection within 0.1 s');
  });

  it('ends when the server never answers', async () => {
    const server = `http://${await listen(createServer())}`;
    expect(await failure({ server, timeouts: SHORT })).to.equal('no answer within 0.1 s');
  });

  it('ends when the answer stops in the middle', async () => {
    const stopping = createServer(socket => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{'));
    const server = `http://${await listen(stopping)}`;
    expect(await failure({ server, timeouts: SHORT })).to.equal('the answer stopped for 0.1 s');
  });

  it('ends when the server switches to another protocol, which nobody asked for', async () => {
    const switching = createServer(socket =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
    );
    const server = `http://${await listen(switching)}`;
    expect(await failure({ server, timeouts: SHORT })).to.equal(
      'the connection was closed without an answer',
    );
  });

  for (const scheme of ['http', 'socks5']) {
    it(`ends when a proxy of ${scheme} takes the connection and never answers`, async () => {
      const proxy = `${scheme}://user:hunter2@${await listen(createServer())}`;
      const options = { server: 'https://api.example', proxy, timeouts: SHORT };
      expect(await failure(options)).to.equal('no connection within 0.1 s');
    });

    it(`ends when the caller gives up on a proxy of ${scheme}`, async () => {
      const silent = createServer();
      const proxy = `${scheme}://${await listen(silent)}`;
      const abort = new AbortController();
      const given = failure({ server: 'https://api.example', proxy, timeouts: LONG }, abort.signal);
      await once(silent, 'connection');
      abort.abort(new Error('no longer wanted'));
      expect(await given).to.equal('no longer wanted');
    });
  }

  it('is not begun when the caller has given up before', async () => {
    const signal = AbortSignal.abort(new Error('no longer wanted'));
    expect(await failure({ server: 'http://127.0.0.1:1', timeouts: LONG }, signal)).to.equal(
      'no longer wanted',
    );
  });

  it('shows no password of a proxy that refuses', async () => {
    const refusing = createServer(socket => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
    const proxy = `http://user:hunter2@${await listen(refusing)}`;
    const message = await failure({ server: 'https://api.example', proxy, timeouts: LONG });
    expect(message).to.contain('407').and.not.to.contain('hunter2');
  });

  it('trusts nobody else behind a SOCKS proxy', async () => {
    const server = `https://${await listen(createHttpsServer(AUTHORITY_A))}`;
    const proxy = `socks5://${await listen(createServer(socket => tunnel(socket)))}`;
    const connection = new Connection({ server, proxy, timeouts: LONG });
    const stranger = connection.send({ ca: AUTHORITY_B.cert }, get(server));
    expect((await failureOf(stranger)).message).to.match(/self-signed|unable to verify/);
    const tls = { ca: AUTHORITY_A.cert, servername: 'other.example' };
    expect((await failureOf(connection.send(tls, get(server)))).message).to.contain('other.example');
  });

  it('goes through a SOCKS proxy, with the CA of the API server', async () => {
    const secure = createHttpsServer(AUTHORITY_A, (_, response) => response.end('{"made":true}'));
    const server = `https://${await listen(secure)}`;
    const proxy = `socks5://${await listen(createServer(socket => tunnel(socket)))}`;
    const connection = new Connection({ server, proxy, timeouts: LONG });
    const { status, text } = await connection.send({ ca: AUTHORITY_A.cert }, get(server));
    expect({ status, text }).to.deep.equal({ status: 200, text: '{"made":true}' });
    await connection.close();
  });
});

/** RFC 1928, as far as one client without a login, asking for an IPv4 address, goes. */
async function tunnel(socket: Socket): Promise<void> {
  const read = async (): Promise<Buffer> => (await once(socket, 'data'))[0];
  await read();
  socket.write(Buffer.from([5, 0]));
  const asked = await read();
  const onward = connect(asked.readUInt16BE(8), asked.subarray(4, 8).join('.'));
  await once(onward, 'connect');
  socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
  socket.pipe(onward).pipe(socket);
}
