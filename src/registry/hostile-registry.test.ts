// A registry that wants the login sent elsewhere, us led inside, or us kept busy. What is asserted is what it got:
// who saw the login, how long we stayed, and that no connection is left.

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { asksFor, RegistryRig, type Say, says } from '../testing/registry-rig.ts';
import { type CheckOptions, checkLogin } from './check-login.ts';
import type { Verdict } from './verdict.ts';

const PASSWORD = 'opens-the-door';
const LOGIN = { username: 'puller', password: PASSWORD };
const TIMEOUTS = { connect: 200, headers: 200, body: 200, whole: 600 };
/** Milliseconds: `whole`, and what a busy machine adds. */
const LONGEST = 2_500;

describe('a hostile registry', () => {
  const servers: { stop(): Promise<void> }[] = [];
  const start = async (answers: Record<string, Say>): Promise<RegistryRig> => {
    const rig = await RegistryRig.start(answers);
    servers.push(rig);
    return rig;
  };
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });

  const check = async (server: string, options: CheckOptions = {}): Promise<Verdict> => {
    const image = { host: server.replace('https://', ''), path: 'team/app' };
    const began = performance.now();
    const verdict = await checkLogin({ server, ...LOGIN, image }, { timeouts: TIMEOUTS, ...options });
    expect(performance.now() - began).to.be.lessThan(LONGEST);
    expect(verdict.outcome).to.equal('inconclusive');
    expect(JSON.stringify(verdict)).to.not.match(/opens|cHVsbGVy/);
    return verdict;
  };
  const untilClosed = async (rig: RegistryRig): Promise<void> => {
    while (rig.open > 0) await new Promise(resolve => setImmediate(resolve));
  };

  describe('that wants the login elsewhere', () => {
    let thief: RegistryRig;
    beforeEach(async () => {
      thief = await start({});
    });
    const unseen = (registry: RegistryRig): void => {
      expect(thief.connections).to.equal(0);
      expect(registry.asked.filter(line => !line.endsWith(' -'))).to.deep.equal([]);
    };
    const port = (): string => thief.server.split(':')[1] ?? '';

    const realms: [title: string, realm: () => string][] = [
      ['another host', () => `http://localhost:${port()}/token`],
      ['another address', () => `http://127.0.0.2:${port()}/token`],
      ['another spelling of its address', () => `http://2130706433:${port()}/token`],
      ['a host behind a user', () => `http://127.0.0.1@localhost:${port()}/token`],
      ['the metadata of the cloud', () => 'http://169.254.169.254/latest/meta-data/iam/'],
      ['the API server', () => 'https://kubernetes.default.svc/api'],
      ['a file', () => 'file:///etc/passwd'],
    ];
    for (const [title, realm] of realms) {
      it(`does not get it by a realm at ${title}`, async () => {
        const registry = await start({ 'GET /v2/': asksFor(`Bearer realm="${realm()}",service="x"`) });
        expect((await check(registry.server)).reason).to.equal('RealmRefused');
        unseen(registry);
      });
    }

    it('does not get it by a second realm', async () => {
      const good = `Bearer realm="http://127.0.0.1/token"`;
      const registry = await start({
        'GET /v2/': asksFor(`${good},realm="http://localhost:${port()}/token"`),
      });
      expect((await check(registry.server)).reason).to.equal('BadAnswer');
      unseen(registry);
    });

    it('does not get it by a redirect of /v2/', async () => {
      const location = `http://${thief.server}/v2/`;
      const registry = await start({ 'GET /v2/': says(307, { location }) });
      expect((await check(registry.server)).reason).to.equal('Redirected');
      unseen(registry);
    });

    for (const question of ['GET /v2/', 'HEAD /v2/team/app/manifests/latest']) {
      it(`does not get it by a redirect of ${question} with the login`, async () => {
        const basic = `Basic ${btoa(`puller:${PASSWORD}`)}`;
        const registry = await start({
          'GET /v2/': asksFor('Basic realm="x"'),
          [`GET /v2/ ${basic}`]: says(200),
          [`${question} ${basic}`]: says(308, { location: `http://${thief.server}/` }),
        });
        expect((await check(registry.server)).reason).to.equal('Redirected');
        expect(thief.connections).to.equal(0);
      });
    }

    it('does not get it, nor a token, by a redirect of the token server', async () => {
      const registry: RegistryRig = await start({
        'GET /v2/': (...to) => asksFor(`Bearer realm="http://${registry.server}/token"`)(...to),
        'GET /token?scope=repository%3Ateam%2Fapp%3Apull': says(302, { location: `http://${thief.server}/` }),
      });
      expect((await check(registry.server)).reason).to.equal('Redirected');
      expect(thief.connections).to.equal(0);
    });

    for (const address of ['127.0.0.1', '::1', '169.254.169.254', '::ffff:127.0.0.1', '0.0.0.0', 'fe80::1']) {
      it(`does not get us to ${address} by its name`, async () => {
        const resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }];
        const verdict = await check(`registry.example:${port()}`, { resolve, insecure: true });
        expect(verdict.reason).to.equal('AddressRefused');
        expect(thief.connections).to.equal(0);
      });
    }

    it('does not get us inside by a realm whose name means another address by then', async () => {
      const realm = 'http://registry.example:8080/token';
      const proxy = await start({ 'GET http://registry.example/v2/': asksFor(`Bearer realm="${realm}"`) });
      const environment = { HTTP_PROXY: `http://${proxy.server}`, NO_PROXY: 'registry.example:8080' };
      const resolve = async () => [{ address: '10.96.0.1', family: 4 }];
      const verdict = await check('registry.example', { environment, resolve, insecure: true });
      expect(verdict.reason).to.equal('AddressRefused');
      unseen(proxy);
    });
  });

  it('does not have the login shown by its realm, where it knows it from before', async () => {
    const registry = await start({ 'GET /v2/': asksFor(`Bearer realm="https://${PASSWORD}.evil.example/"`) });
    expect((await check(registry.server)).reason).to.equal('RealmRefused');
  });

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
        expect((await check(registry.server)).reason).to.equal(reason);
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
        const { reason: given } = await check(registry.server, { timeouts: { ...TIMEOUTS, whole: 60_000 } });
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
      const options = { timeouts: { ...TIMEOUTS, whole: 200 } };
      expect((await check(registry.server, options)).reason).to.equal('Timeout');
      await untilClosed(registry);
    });

    it('is left when it takes the connection and never shakes hands', async () => {
      const silent: Server = createServer(socket => socket.resume()).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port } = silent.address() as AddressInfo;
      expect((await check(`https://127.0.0.1:${port}`)).reason).to.equal('Timeout');
      await once(silent.close(), 'close');
    });
  });
});
