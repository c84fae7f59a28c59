// A registry that keeps us busy. What is asserted is how long we stayed, and that no connection is left.

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { checkHostile, SHORT } from '../testing/hostile-check.ts';
import { asksFor, RegistryRig, type Say, says } from '../testing/registry-rig.ts';
import type { Verdict } from './verdict.ts';

describe('a hostile registry', () => {
  const servers: RegistryRig[] = [];
  const start = async (answers: Record<string, Say>): Promise<RegistryRig> => {
    const rig = await RegistryRig.start(answers);
    servers.push(rig);
    return rig;
  };
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  const untilClosed = async (rig: RegistryRig): Promise<void> => {
    while (rig.open > 0) await new Promise(resolve => setImmediate(resolve));
  };

  describe('that keeps us busy', () => {
    const endless = (head: string, chunk: string | Buffer, pause: number): Say => {
      return ({ socket }: ServerResponse) => {
        socket?.write(head);
        const more = (): void => {
          if (socket?.destroyed === false) socket.write(chunk, () => setTimeout(more, pause));
        };
        more();
      };
    };
    const OK = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    const CHUNK = `4000\r\n${' '.repeat(0x4000)}\r\n`;
    const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));

    const says401 = (header: string) => `HTTP/1.1 401 Unauthorized\r\n${header}`;
    const rows: [title: string, say: Say, reason: Verdict['reason']][] = [
      ['an endless body', endless(OK, CHUNK, 0), 'BadAnswer'],
      ['a body of single bytes', endless(OK, '1\r\n \r\n', 50), 'Timeout'],
      ['a header of 64 kB', says(200, { 'x-a': 'a'.repeat(65_536) }), 'BadAnswer'],
      [
        'headers without an end',
        endless('HTTP/1.1 200 OK\r\n', `x: ${'a'.repeat(1000)}\r\n`, 0),
        'BadAnswer',
      ],
      ['a header of single bytes', endless('HTTP/1.1 200 OK\r\nx: ', 'a', 50), 'Timeout'],
      ['informational answers without an end', endless('', 'HTTP/1.1 100 Continue\r\n\r\n', 20), 'Timeout'],
      ['nothing at all', () => {}, 'Timeout'],
      [
        'half an answer',
        ({ socket }) => socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{'),
        'Unreachable',
      ],
      ['no HTTP', ({ socket }) => socket?.end('SSH-2.0-OpenSSH_9.6\r\n'), 'BadAnswer'],
      ['a cut connection', ({ socket }) => socket?.destroy(), 'Unreachable'],
      ['another protocol', ({ socket }) => socket?.end(SWITCH), 'Unreachable'],
      ['a bomb of gzip', says(200, { 'content-encoding': 'gzip' }, bomb.toString('latin1')), 'BadAnswer'],
      [
        'an error page in HTML',
        says(502, { 'content-type': 'text/html' }, '<h1>Bad gateway</h1>'),
        'ServerError',
      ],
      [
        'a page in HTML as a token',
        says(200, { 'content-type': 'text/html' }, '<h1>Log in</h1>'),
        'BadAnswer',
      ],
      ['a deep JSON', says(200, {}, '['.repeat(60_000)), 'BadAnswer'],
    ];
    for (const [title, say, reason] of rows) {
      it(`gets ${reason} for ${title} as a token`, async () => {
        const registry: RegistryRig = await start({
          'GET /v2/': (...to) => asksFor(`Bearer realm="http://${registry.server}/token"`)(...to),
          'GET /token?scope=repository%3Ateam%2Fapp%3Apull': say,
        });
        expect(await checkHostile(registry.server)).to.equal(reason);
        await untilClosed(registry);
      });
    }

    const doors: [title: string, say: Say, reason: Verdict['reason']][] = [
      // The body of /v2/ is of no interest, so nobody waits for its end.
      ['an endless body', endless(OK, CHUNK, 0), 'LoginNotAsked'],
      ['401 without a challenge', says(401), 'BadAnswer'],
      ['401 with an empty challenge', asksFor(''), 'BadAnswer'],
      ['400 challenges that nobody knows', asksFor(...Array(400).fill('A realm="x"')), 'BadAnswer'],
      ['a thousand challenges in one', asksFor(Array(1000).fill('A').join(',')), 'BadAnswer'],
      ['a challenge that never ends', asksFor('Bearer realm="http://x'), 'RealmRefused'],
      ['a challenge without a realm', asksFor('Bearer'), 'RealmRefused'],
      ['a header of 64 kB', endless(says401('www-authenticate: '), 'a'.repeat(65_536), 10), 'BadAnswer'],
      ['a slow header', endless(says401('www-authenticate: '), 'a', 50), 'Timeout'],
    ];
    for (const [title, say, reason] of doors) {
      it(`gets ${reason} for ${title} at its door`, async () => {
        const registry = await start({ 'GET /v2/': say, 'HEAD /v2/team/app/manifests/latest': says(200) });
        const given = await checkHostile(registry.server, { timeouts: { ...SHORT, whole: 60_000 } });
        expect(given).to.equal(reason);
        await untilClosed(registry);
        expect(registry.asked.filter(line => !line.endsWith(' -'))).to.deep.equal([]);
      });
    }

    it('is left after the whole time, however well each part of it keeps its own', async () => {
      const slow: Say = (response, request) => {
        setTimeout(() => asksFor('Basic realm="x"')(response, request), 150);
      };
      const registry = await start({ 'GET /v2/': slow });
      const options = { timeouts: { ...SHORT, whole: 200 } };
      expect(await checkHostile(registry.server, options)).to.equal('Timeout');
      await untilClosed(registry);
    });

    it('is left when it takes the connection and never shakes hands', async () => {
      const silent: Server = createServer(socket => socket.resume()).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port } = silent.address() as AddressInfo;
      expect(await checkHostile(`https://127.0.0.1:${port}`)).to.equal('Timeout');
      await once(silent.close(), 'close');
    });
  });
});
