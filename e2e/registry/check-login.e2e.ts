// A check of a login against the real registry of the distribution project: open, with htpasswd, the same over TLS,
// and with tokens. What our own servers in src/registry say could be a mistake made twice; this cannot.

import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type CheckOptions, checkLogin } from '../../src/registry/check-login.ts';
import { AUTHORITY_A, AUTHORITY_B } from '../../src/testing/test-certificates.ts';
import { findRegistry } from '../cluster/registry-program.ts';
import { Watchdog } from '../cluster/watchdog.ts';
import { imageOf } from '../node/image.ts';
import { ACCOUNTS } from '../node/own-registry.ts';
import { pushTo } from '../node/push.ts';
import type { Account } from '../node/registry.ts';
import { startRegistry } from './registry-process.ts';
import { TokenServer } from './token-server.ts';

/** On a new machine the registry is built first. */
const LONGEST_START = 20 * 60_000;

const PULLER = ACCOUNTS.first;
const WRONG = { ...PULLER, password: 'opens-nothing' };
const STRANGER = { username: 'stranger', password: PULLER.password };
const GUEST = { username: 'guest', password: 'may-come-in' };

const IMAGE = imageOf('a check of a login', 'amd64');
const SERVICE = 'the tests';

describe('a check of a login at a real registry', () => {
  let watchdog: Watchdog;
  let tokens: TokenServer;
  /** host:port of each. */
  const at = { open: '', htpasswd: '', tls: '', token: '' };

  before(async function () {
    this.timeout(LONGEST_START);
    const found = await findRegistry(line => console.error(line));
    if ('why' in found) {
      Object.assign(this.test?.parent ?? {}, { skipReason: found.why });
      this.skip();
    }
    watchdog = await Watchdog.start();
    const passwords = join(watchdog.folder, 'htpasswd');
    await writeFile(passwords, `${PULLER.username}:${PULLER.hash}\n`);
    for (const [name, text] of Object.entries(AUTHORITY_A))
      await writeFile(join(watchdog.folder, `${name}.pem`), text);
    const users = [
      { ...PULLER, pulls: ['team/app', 'team/missing'] },
      { ...GUEST, pulls: [] },
    ];
    tokens = await TokenServer.start({ service: SERVICE, users, signer: AUTHORITY_A });
    const htpasswd = { htpasswd: { realm: 'tests', path: passwords } };
    const rootcertbundle = join(watchdog.folder, 'cert.pem');
    const token = { token: { realm: tokens.realm, service: SERVICE, issuer: 'tests', rootcertbundle } };
    const tls = { certificate: 'cert.pem', key: 'key.pem' };
    const start = (name: string, more: object) => startRegistry(found.path, watchdog, { name, ...more });
    at.open = await start('open', {});
    at.htpasswd = await start('htpasswd', { auth: htpasswd });
    at.tls = await start('tls', { auth: htpasswd, tls });
    at.token = await start('token', { auth: token });
    await pushTo(
      { url: `http://${at.open}`, account: undefined },
      { repository: 'team/app', tag: 'v1', image: IMAGE },
    );
  });
  after(async () => {
    await tokens?.stop();
    await watchdog?.stop();
  });
  beforeEach(() => {
    Object.assign(tokens, { refusesScope: false, field: 'token' });
    tokens.asked.length = 0;
  });

  const check = async (
    server: string,
    { username, password }: Account,
    image?: { path?: string; tag?: string; digest?: string },
    options?: CheckOptions,
  ): Promise<string> => {
    const name = image && { host: server.replace('https://', ''), path: 'team/app', ...image };
    const verdict = await checkLogin({ server, username, password, image: name }, options);
    expect(JSON.stringify(verdict)).to.not.contain(password);
    return `${verdict.outcome}: ${verdict.reason}`;
  };

  it('says of an open one that nobody can tell', async () => {
    expect(await check(at.open, WRONG)).to.equal('inconclusive: LoginNotAsked');
    expect(await check(at.open, WRONG, { tag: 'v1' })).to.equal('inconclusive: LoginNotAsked');
  });

  describe('with htpasswd', () => {
    it('accepts the login, and rejects a wrong password and a stranger', async () => {
      expect(await check(at.htpasswd, PULLER)).to.equal('verified: LoginAccepted');
      expect(await check(at.htpasswd, WRONG)).to.equal('rejected: LoginRejected');
      expect(await check(at.htpasswd, STRANGER)).to.equal('rejected: LoginRejected');
    });

    it('proves the pull by tag and by digest, and says what is not there', async () => {
      const { digest } = IMAGE.manifest;
      expect(await check(at.htpasswd, PULLER, { tag: 'v1' })).to.equal('verified: PullAllowed');
      expect(await check(at.htpasswd, PULLER, { digest })).to.equal('verified: PullAllowed');
      expect(await check(at.htpasswd, PULLER, {})).to.equal('denied: ImageNotFound');
      expect(await check(at.htpasswd, PULLER, { path: 'team/other' })).to.equal('denied: ImageNotFound');
      expect(await check(at.htpasswd, WRONG, { tag: 'v1' })).to.equal('rejected: LoginRejected');
    });

    it('sees a login that is added while the registry runs', async () => {
      const { username, hash, password } = { ...ACCOUNTS.second, username: 'newcomer' };
      expect(await check(at.htpasswd, { username, password })).to.equal('rejected: LoginRejected');
      await appendFile(join(watchdog.folder, 'htpasswd'), `${username}:${hash}\n`);
      expect(await check(at.htpasswd, { username, password })).to.equal('verified: LoginAccepted');
    });

    it('trusts the CA that is named, and no other', async () => {
      const server = `https://${at.tls}`;
      const image = { tag: 'v1' };
      expect(await check(server, PULLER, image, { ca: AUTHORITY_A.cert })).to.equal('verified: PullAllowed');
      const untrusted = 'inconclusive: CertificateUntrusted';
      expect(await check(server, PULLER, image, { ca: AUTHORITY_B.cert })).to.equal(untrusted);
      expect(await check(server, PULLER, image)).to.equal(untrusted);
    });

    it('says of TLS where there is none, and the other way round, that nothing is known', async () => {
      expect(await check(`https://${at.htpasswd}`, PULLER)).to.match(/^inconclusive: Unreachable$/);
      expect(await check(at.tls, PULLER)).to.match(/^inconclusive: BadAnswer$/);
    });
  });

  describe('with tokens', () => {
    it('accepts the login, and rejects a wrong password and a stranger', async () => {
      expect(await check(at.token, PULLER)).to.equal('verified: LoginAccepted');
      expect(await check(at.token, GUEST)).to.equal('verified: LoginAccepted');
      expect(await check(at.token, WRONG)).to.equal('rejected: LoginRejected');
      expect(await check(at.token, STRANGER, { tag: 'v1' })).to.equal('rejected: LoginRejected');
    });

    for (const field of ['token', 'access_token'] as const) {
      it(`proves the pull by what is called ${field}, and asks for no more than it needs`, async () => {
        tokens.field = field;
        expect(await check(at.token, PULLER, { tag: 'v1' })).to.equal('verified: PullAllowed');
        expect(await check(at.token, PULLER, { path: 'team/missing' })).to.equal('denied: ImageNotFound');
        expect(tokens.asked.map(query => Object.fromEntries(query))).to.deep.equal([
          { service: SERVICE, scope: 'repository:team/app:pull' },
          { service: SERVICE, scope: 'repository:team/missing:pull' },
        ]);
      });
    }

    for (const refusesScope of [false, true]) {
      const how = refusesScope ? 'the token server says so' : 'it gives a token with less scope';
      it(`says of a good login that may not pull that it is denied, where ${how}`, async () => {
        tokens.refusesScope = refusesScope;
        expect(await check(at.token, GUEST, { tag: 'v1' })).to.equal('denied: PullDenied');
        expect(await check(at.token, PULLER, { tag: 'v1' })).to.equal('verified: PullAllowed');
      });
    }

    it('sends no login where the realm is not that of the registry', async () => {
      const server = at.token.replace('127.0.0.1', 'localhost');
      expect(await check(server, PULLER)).to.equal('inconclusive: RealmRefused');
      expect(tokens.asked).to.deep.equal([]);
    });
  });
});
