// A registry that wants the login sent elsewhere, or us led inside. What is asserted is who saw what.

import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect } from 'chai';
import { BASIC, checkHostile, PASSWORD } from '../testing/hostile-check.ts';
import { asksFor, RegistryRig, type Say, says } from '../testing/registry-rig.ts';
import { AUTHORITY_A } from '../testing/test-certificates.ts';

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
        expect(await checkHostile(registry.server)).to.equal('RealmRefused');
        unseen(registry);
      });
    }

    it('does not get it by a second realm', async () => {
      const good = `Bearer realm="http://127.0.0.1/token"`;
      const registry = await start({
        'GET /v2/': asksFor(`${good},realm="http://localhost:${port()}/token"`),
      });
      expect(await checkHostile(registry.server)).to.equal('BadAnswer');
      unseen(registry);
    });

    it('does not get it by a redirect of /v2/', async () => {
      const location = `http://${thief.server}/v2/`;
      const registry = await start({ 'GET /v2/': says(307, { location }) });
      expect(await checkHostile(registry.server)).to.equal('Redirected');
      unseen(registry);
    });

    for (const question of ['GET /v2/', 'HEAD /v2/team/app/manifests/latest']) {
      it(`does not get it by a redirect of ${question} with the login`, async () => {
        const registry = await start({
          'GET /v2/': asksFor('Basic realm="x"'),
          [`GET /v2/ ${BASIC}`]: says(200),
          [`${question} ${BASIC}`]: says(308, { location: `http://${thief.server}/` }),
        });
        expect(await checkHostile(registry.server)).to.equal('Redirected');
        expect(thief.connections).to.equal(0);
      });
    }

    it('does not get it, nor a token, by a redirect of the token server', async () => {
      const registry: RegistryRig = await start({
        'GET /v2/': (...to) => asksFor(`Bearer realm="http://${registry.server}/token"`)(...to),
        'GET /token?scope=repository%3Ateam%2Fapp%3Apull': says(302, { location: `http://${thief.server}/` }),
      });
      expect(await checkHostile(registry.server)).to.equal('Redirected');
      expect(thief.connections).to.equal(0);
    });

    for (const address of ['127.0.0.1', '::1', '169.254.169.254', '::ffff:127.0.0.1', '0.0.0.0', 'fe80::1']) {
      it(`does not get us to ${address} by its name`, async () => {
        const resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }];
        const reason = await checkHostile(`registry.example:${port()}`, { resolve, insecure: true });
        expect(reason).to.equal('AddressRefused');
        expect(thief.connections).to.equal(0);
      });
    }

    it('does not get us inside by a realm whose name means another address by then', async () => {
      const realm = 'http://registry.example:8080/token';
      const proxy = await start({ 'GET http://registry.example/v2/': asksFor(`Bearer realm="${realm}"`) });
      const environment = { HTTP_PROXY: `http://${proxy.server}`, NO_PROXY: 'registry.example:8080' };
      const resolve = async () => [{ address: '10.96.0.1', family: 4 }];
      const reason = await checkHostile('registry.example', { environment, resolve, insecure: true });
      expect(reason).to.equal('AddressRefused');
      unseen(proxy);
    });
  });

  it('does not come between by a proxy: the registry is asked through a tunnel, and must prove its name', async () => {
    const registry = await RegistryRig.start({ 'GET /v2/': asksFor('Basic realm="x"') }, AUTHORITY_A);
    servers.push(registry);
    const asked: string[] = [];
    const proxy = createHttpServer().on('connect', ({ url, headers }, socket) => {
      asked.push(`${url} ${headers.authorization ?? headers['proxy-authorization'] ?? '-'}`);
      const onward = connect(Number(registry.server.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      for (const end of [socket, onward]) end.on('error', () => {});
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
    const reason = await checkHostile('registry.example', { environment, ca: AUTHORITY_A.cert });
    expect([reason, asked, registry.asked]).to.deep.equal([
      'CertificateUntrusted',
      ['registry.example:443 -'],
      [],
    ]);
    await once(proxy.close(), 'close');
  });

  it('does not have the login shown by its realm, where it knows it from before', async () => {
    const registry = await start({ 'GET /v2/': asksFor(`Bearer realm="https://${PASSWORD}.evil.example/"`) });
    expect(await checkHostile(registry.server)).to.equal('RealmRefused');
  });
});
