// The one connection of all watches, against real HTTP/2 servers on loopback.

import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { expect } from 'chai';
import { failureOf } from '../testing/client-rig.ts';
import { AUTHORITY_A, AUTHORITY_B } from '../testing/test-certificates.ts';
import { HttpKubeClient } from './client.ts';
import type { TlsMaterial } from './endpoint.ts';
import { ApiError, TransportError } from './errors.ts';
import type { WatchEvent } from './kube-client.ts';

const FRAME = '{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"1"}}}\n';

describe('the connection of the watches', () => {
  let server: Http2SecureServer;
  let client: HttpKubeClient;
  let tls: TlsMaterial;
  let streams: ServerHttp2Stream[];
  let connections: number;
  let answer: (stream: ServerHttp2Stream) => void;

  beforeEach(async () => {
    [streams, connections, tls] = [[], 0, { ca: AUTHORITY_A.cert }];
    answer = stream => {
      stream.respond({ ':status': 200 });
      stream.write(FRAME);
    };
    server = createSecureServer({ ...AUTHORITY_A, allowHTTP1: true });
    server.on('session', () => connections++);
    server.on('stream', stream => {
      stream.on('error', () => undefined);
      streams.push(stream);
      answer(stream);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = clientOf((server.address() as AddressInfo).port);
  });

  afterEach(async () => {
    await client.close();
    server.close();
  });

  const clientOf = (port: number): HttpKubeClient =>
    new HttpKubeClient({
      endpoint: {
        server: `https://127.0.0.1:${port}`,
        namespace: undefined,
        proxyUrl: undefined,
        authenticate: async () => ({ headers: { authorization: 'Bearer x' }, tls: { ...tls } }),
        renew: () => {},
      },
      version: '0',
    });

  const watching = (signal = new AbortController().signal): AsyncGenerator<WatchEvent, void, undefined> =>
    client.watch({ path: '/w', query: { a: 'b c' }, signal });

  const toItsEnd = async (watch: AsyncIterable<WatchEvent>): Promise<void> => {
    for await (const _ of watch);
  };

  const listening = async (door: Server): Promise<Server> => {
    door.listen(0, '127.0.0.1');
    await once(door, 'listening');
    return door;
  };

  /** One that has given its first event. */
  async function begun(signal?: AbortSignal): Promise<AsyncGenerator<WatchEvent, void, undefined>> {
    const watch = watching(signal);
    expect((await watch.next()).value).to.have.property('type', 'ADDED');
    return watch;
  }

  it('carries all of them, also those that begin at once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => begun()));
    await begun();
    expect([streams.length, connections, client.endsDeadWatches]).to.deep.equal([6, 1, true]);
  });

  it('asks for what was to be asked, with our login', async () => {
    let asked: unknown;
    server.on('stream', (_, headers) => {
      asked = [headers[':method'], headers[':path'], headers.authorization];
    });
    await begun();
    expect(asked).to.deep.equal(['GET', '/w?a=b+c&watch=true', 'Bearer x']);
  });

  it('ends a watch that the server ends, and only that', async () => {
    const [first, second] = [await begun(), await begun()];
    streams[0]?.end();
    expect((await first.next()).done).to.equal(true);
    streams[1]?.write(FRAME);
    expect((await second.next()).done).to.equal(false);
  });

  it('makes a failure of a watch whose connection was cut', async () => {
    const watch = await begun();
    const failure = failureOf(watch.next());
    streams[0]?.session?.destroy();
    expect(await failure).to.be.instanceOf(TransportError);
    await begun();
    expect(connections).to.equal(2);
  });

  it('makes a failure of a watch that the server breaks off', async () => {
    const watch = await begun();
    const failure = failureOf(watch.next());
    streams[0]?.destroy(new Error('broken'));
    expect(await failure).to.be.instanceOf(TransportError);
  });

  it('tells the server of a watch that nobody wants any more', async () => {
    const abort = new AbortController();
    const watch = await begun(abort.signal);
    const closed = once(streams[0] as ServerHttp2Stream, 'close');
    const failure = failureOf(watch.next());
    abort.abort();
    await closed;
    expect(await failure).to.be.instanceOf(TransportError);
  });

  it('is made anew for the next watch after the server has said that it goes away, and keeps the others', async () => {
    const watch = await begun();
    const session = streams[0]?.session;
    session?.goaway();
    await new Promise<void>(resolve => session?.ping(() => resolve()));
    await begun();
    expect(connections).to.equal(2);
    streams[0]?.write(FRAME);
    expect((await watch.next()).done).to.equal(false);
  });

  it('is made anew when the TLS material has changed', async () => {
    await begun();
    tls = { ca: AUTHORITY_B.cert + AUTHORITY_A.cert };
    await begun();
    expect(connections).to.equal(2);
  });

  it('tells what the server refuses, and for how long', async () => {
    answer = stream => {
      stream.respond({ ':status': 429, 'retry-after': '7' });
      stream.end('{"kind":"Status","reason":"TooManyRequests","message":"too many"}');
    };
    const failure = await failureOf(watching().next());
    expect(failure).to.be.instanceOf(ApiError).and.to.include({ code: 429, retryAfter: 7000 });
  });

  it('is closed with the client', async () => {
    const failure = failureOf((await begun()).next());
    const closed = once(streams[0]?.session as NonNullable<ServerHttp2Stream['session']>, 'close');
    await client.close();
    await closed;
    expect(await failure).to.be.instanceOf(TransportError);
  });

  it('does not serve a server that it does not trust', async () => {
    tls = { ca: AUTHORITY_B.cert };
    const failure = await failureOf(watching().next());
    expect(failure)
      .to.be.instanceOf(TransportError)
      .and.to.have.property('message')
      .that.contains('self-signed');
  });

  it('is tried again after nobody was there', async () => {
    const { port } = server.address() as AddressInfo;
    const door = createServer().listen(0, '127.0.0.1');
    await once(door, 'listening');
    const free = (door.address() as AddressInfo).port;
    door.close();
    await once(door, 'close');
    client = clientOf(free);
    expect(await failureOf(watching().next())).to.be.instanceOf(TransportError);
    const relay: Server = createServer(socket => {
      const to = connect(port, '127.0.0.1');
      socket.pipe(to).pipe(socket);
      for (const each of [socket, to]) each.on('error', () => each.destroy());
    }).listen(free, '127.0.0.1');
    await once(relay, 'listening');
    await begun();
    await client.close();
    relay.close();
  });

  it('ends what waits for it at once when nobody wants it any more, also while it is being made', async () => {
    const deaf = await listening(createServer(socket => socket.resume()));
    client = clientOf((deaf.address() as AddressInfo).port);
    const abort = new AbortController();
    const began = performance.now();
    const failure = failureOf(watching(abort.signal).next());
    abort.abort();
    expect(await failure).to.be.instanceOf(TransportError);
    expect(performance.now() - began).to.be.lessThan(5_000);
    await client.close();
    await once(deaf.close(), 'close');
  });

  it('is given up with the client while it is being made', async () => {
    const deaf = await listening(createServer(socket => socket.resume()));
    client = clientOf((deaf.address() as AddressInfo).port);
    const failure = failureOf(watching().next());
    await once(deaf, 'connection');
    await client.close();
    expect(await failure).to.be.instanceOf(TransportError);
    // Only when the last connection has ended.
    await once(deaf.close(), 'close');
  });

  for (const turns of [0, 1, 2, 5, 10, 20]) {
    it(`leaves nothing behind where the client is closed ${turns} turns after the first watch began`, async () => {
      const failure = failureOf(toItsEnd(watching()));
      for (let turn = 0; turn < turns; turn++) await new Promise(resolve => setImmediate(resolve));
      await client.close();
      expect(await failure).to.be.instanceOf(Error);
      await new Promise<void>(resolve => server.close(() => resolve()));
    });
  }

  it('is not made once the client is closed', async () => {
    await client.close();
    expect(await failureOf(watching().next())).to.be.instanceOf(TransportError);
    expect(connections).to.equal(0);
  });

  it('serves those that waited for the old one while the TLS material changed', async () => {
    const first = begun();
    tls = { ca: AUTHORITY_B.cert + AUTHORITY_A.cert };
    const second = begun();
    await Promise.all([first, second]);
    expect(streams).to.have.length(2);
  });

  it('calls a refusal that breaks off a failure of the connection', async () => {
    answer = stream => {
      stream.respond({ ':status': 403 });
      stream.write('{"kind":"Status"');
      setImmediate(() => stream.session?.destroy());
    };
    expect(await failureOf(watching().next())).to.be.instanceOf(TransportError);
  });
});
