// What registries answer, question by question, and the verdict that comes of it. Against servers on loopback.

import { expect } from 'chai';
import { asksFor, RegistryRig, type Say, says } from '../testing/registry-rig.ts';
import { AUTHORITY_A, AUTHORITY_B } from '../testing/test-certificates.ts';
import { type CheckOptions, checkLogin } from './check-login.ts';
import { MANIFEST_TYPES } from './pull.ts';
import type { Verdict } from './verdict.ts';

const LOGIN = { username: 'puller', password: 'opens-the-döor' };
const BASIC = `Basic ${Buffer.from('puller:opens-the-döor').toString('base64')}`;
const MANIFEST = 'HEAD /v2/team/app/manifests/v1';
const SCOPED = 'GET /token?service=tests&scope=repository%3Ateam%2Fapp%3Apull';
const PLAIN = 'GET /token?service=tests';

describe('a check of a login', () => {
  let rig: RegistryRig;
  let verdict: Verdict;

  afterEach(async () => {
    expect(JSON.stringify(verdict)).to.not.match(/opens|puller:|cHVsbGVyOm9wZW/);
    expect(verdict.message.length).to.be.within(20, 300);
    await rig.stop();
  });

  const check = async (
    answers: Record<string, Say>,
    { path = '', image = true, options = {} as CheckOptions } = {},
  ): Promise<string> => {
    rig = await RegistryRig.start(answers);
    // The address is not known before the server is.
    rigServer = rig.server;
    const name = { host: rig.server, path: 'team/app', tag: 'v1' };
    verdict = await checkLogin(
      { server: rig.server + path, ...LOGIN, ...(image ? { image: name } : {}) },
      options,
    );
    return verdict.reason;
  };
  let rigServer = '';
  const bearer: Say = (response, request) =>
    asksFor(`Bearer realm="http://${rigServer}/token",service="tests"`)(response, request);
  const gives = (token: unknown) => says(200, {}, JSON.stringify({ token }));
  const login = (answers: Record<string, Say>) => check(answers, { image: false });

  describe('with Basic', () => {
    const door = { 'GET /v2/': asksFor('Basic realm="tests"') };

    it('accepts what the registry accepts, and sent no login before it was asked', async () => {
      expect(await login({ ...door, [`GET /v2/ ${BASIC}`]: says(200) })).to.equal('LoginAccepted');
      expect(rig.asked).to.deep.equal(['GET /v2/ -', `GET /v2/ ${BASIC}`]);
    });
    for (const status of [401, 403]) {
      it(`rejects what the registry answers ${status} to`, async () => {
        expect(await check({ ...door, [`GET /v2/ ${BASIC}`]: says(status) })).to.equal('LoginRejected');
        expect(verdict.outcome).to.equal('rejected');
        expect(rig.asked).to.have.length(2);
      });
    }
    const pulls: [number, Verdict['outcome'], Verdict['reason']][] = [
      [200, 'verified', 'PullAllowed'],
      [401, 'denied', 'PullDenied'],
      [403, 'denied', 'PullDenied'],
      [404, 'denied', 'ImageNotFound'],
      [429, 'inconclusive', 'RateLimited'],
      [500, 'inconclusive', 'ServerError'],
      [503, 'inconclusive', 'ServerError'],
      [307, 'inconclusive', 'Redirected'],
      [405, 'inconclusive', 'BadAnswer'],
      [204, 'inconclusive', 'BadAnswer'],
    ];
    for (const [status, outcome, reason] of pulls) {
      it(`says ${reason} where the manifest is answered by ${status}`, async () => {
        const answers = { ...door, [`GET /v2/ ${BASIC}`]: says(200), [MANIFEST]: says(status) };
        expect([await check(answers), verdict.outcome]).to.deep.equal([reason, outcome]);
      });
    }
    it('asks for the manifest by everything that runtimes accept', async () => {
      let accept: string | undefined;
      const manifest: Say = (response, request) => {
        accept = request.headers.accept;
        response.end();
      };
      await check({ ...door, [`GET /v2/ ${BASIC}`]: says(200), [MANIFEST]: manifest });
      expect(accept).to.equal(MANIFEST_TYPES);
    });
  });

  describe('with a token', () => {
    const door = { 'GET /v2/': bearer };

    it('accepts a login that gets a token', async () => {
      expect(await login({ ...door, [`${PLAIN} ${BASIC}`]: gives('t0') })).to.equal('LoginAccepted');
      expect(rig.asked).to.deep.equal(['GET /v2/ -', `${PLAIN} ${BASIC}`]);
    });
    it('proves a pull by the token alone', async () => {
      const answers = { ...door, [`${SCOPED} ${BASIC}`]: gives('t0'), [`${MANIFEST} Bearer t0`]: says(200) };
      expect(await check(answers)).to.equal('PullAllowed');
      expect(rig.asked).to.deep.equal(['GET /v2/ -', `${SCOPED} ${BASIC}`, `${MANIFEST} Bearer t0`]);
    });
    it('takes an access_token as well', async () => {
      const token = says(200, {}, '{"token":"","access_token":"t1","expires_in":60}');
      expect(await check({ ...door, [SCOPED]: token, [`${MANIFEST} Bearer t1`]: says(200) })).to.equal(
        'PullAllowed',
      );
    });
    it('takes a token with less scope for no error, and the manifest for the answer', async () => {
      expect(await check({ ...door, [SCOPED]: gives('t0'), [MANIFEST]: says(401) })).to.equal('PullDenied');
    });
    it('rejects a login that gets no token, without a further question', async () => {
      expect(await check({ ...door, [SCOPED]: says(401) })).to.equal('LoginRejected');
      expect(rig.asked).to.have.length(2);
    });
    it('rejects a login that is refused without scope as well', async () => {
      expect(await check({ ...door, [SCOPED]: says(403), [PLAIN]: says(403) })).to.equal('LoginRejected');
    });
    it('tells a good login that may not have the image by asking without it', async () => {
      expect(await check({ ...door, [SCOPED]: says(403), [PLAIN]: gives('t0') })).to.equal('PullDenied');
    });
    it('keeps the query that the realm has', async () => {
      const realm: Say = (response, request) =>
        asksFor(`Bearer realm="http://${rigServer}/token?a=b%20c",service="s&scope=x"`)(response, request);
      await login({ 'GET /v2/': realm, 'GET /token?a=b+c&service=s%26scope%3Dx': gives('t') });
      expect([verdict.reason, rig.asked[1]?.split(' ')[1]]).to.deep.equal([
        'LoginAccepted',
        '/token?a=b+c&service=s%26scope%3Dx',
      ]);
    });
    const tokens: [title: string, say: Say, reason: Verdict['reason']][] = [
      ['no JSON', says(200, {}, '<html>'), 'BadAnswer'],
      ['null', says(200, {}, 'null'), 'BadAnswer'],
      ['no token', says(200, {}, '{}'), 'BadAnswer'],
      ['a number', gives(7), 'BadAnswer'],
      ['a token with a line break', gives('a\r\nx: y'), 'BadAnswer'],
      ['429', says(429, { 'retry-after': '120' }), 'RateLimited'],
      ['502', says(502), 'ServerError'],
      ['302', says(302, { location: '/elsewhere' }), 'Redirected'],
      ['404', says(404), 'BadAnswer'],
      ['400', says(400), 'BadAnswer'],
    ];
    for (const [title, say, reason] of tokens) {
      it(`says ${reason} where the token server answers by ${title}`, async () => {
        expect(await login({ ...door, [PLAIN]: say })).to.equal(reason);
        expect(verdict.outcome).to.equal('inconclusive');
        if (title === '429') expect(verdict).to.include({ retryAfter: 120_000 });
      });
    }
  });

  describe('where everybody is let in', () => {
    it('does not say that the login is good, and does not send it', async () => {
      expect(await login({ 'GET /v2/': says(200) })).to.equal('LoginNotAsked');
      await rig.stop();
      expect(await check({ 'GET /v2/': says(200), [MANIFEST]: says(200) })).to.equal('LoginNotAsked');
      expect(rig.asked).to.deep.equal(['GET /v2/ -', `${MANIFEST} -`]);
    });
    it('tries it where the image is kept from everybody', async () => {
      const door = { 'GET /v2/': says(200), [MANIFEST]: bearer };
      const token = { [`${SCOPED} ${BASIC}`]: gives('t0'), [`${MANIFEST} Bearer t0`]: says(200) };
      expect(await check({ ...door, ...token })).to.equal('PullAllowed');
    });
    const basic: [number, Verdict['reason']][] = [
      [200, 'PullAllowed'],
      [401, 'LoginRejected'],
      [403, 'PullDenied'],
    ];
    for (const [status, reason] of basic) {
      it(`says ${reason} where Basic is asked for the image and then answered by ${status}`, async () => {
        const door = { 'GET /v2/': says(200), [MANIFEST]: asksFor('Basic realm="x"') };
        expect(await check({ ...door, [`${MANIFEST} ${BASIC}`]: says(status) })).to.equal(reason);
      });
    }
  });

  const doors: [title: string, say: Say, reason: Verdict['reason']][] = [
    ['404', says(404), 'NotARegistry'],
    ['a web page', says(200, { 'content-type': 'text/html; charset=utf-8' }, '<html>'), 'NotARegistry'],
    ['401 without a challenge', says(401), 'BadAnswer'],
    ['a challenge of another kind', asksFor('Negotiate', 'Digest realm="x"'), 'BadAnswer'],
    ['403', says(403), 'BadAnswer'],
    ['429', says(429), 'RateLimited'],
    ['503', says(503), 'ServerError'],
    ['301', says(301, { location: 'https://elsewhere.example/v2/' }), 'Redirected'],
  ];
  for (const [title, say, reason] of doors) {
    it(`says ${reason} where /v2/ is answered by ${title}, and keeps the login`, async () => {
      expect(await login({ 'GET /v2/': say })).to.equal(reason);
      expect(rig.asked).to.deep.equal(['GET /v2/ -']);
    });
  }

  it('asks nothing for an image that the login is not for', async () => {
    expect(await check({}, { path: '/other' })).to.equal('ImageUnusable');
    expect(rig.connections).to.equal(0);
  });
  it('asks for an image below the path of the key', async () => {
    const answers = {
      'GET /v2/': asksFor('Basic realm="x"'),
      [`GET /v2/ ${BASIC}`]: says(200),
      [MANIFEST]: says(200),
    };
    expect(await check(answers, { path: '/team' })).to.equal('PullAllowed');
  });

  describe('over TLS', () => {
    const overTls = async (ca?: string): Promise<string> => {
      const answers = { 'GET /v2/': asksFor('Basic realm="x"'), [`GET /v2/ ${BASIC}`]: says(200) };
      rig = await RegistryRig.start(answers, AUTHORITY_A);
      verdict = await checkLogin({ server: `https://${rig.server}`, ...LOGIN }, { ca });
      return verdict.reason;
    };
    it('trusts a CA that is named', async () => {
      expect(await overTls(AUTHORITY_A.cert)).to.equal('LoginAccepted');
    });
    it('trusts nobody else', async () => {
      expect(await overTls(AUTHORITY_B.cert)).to.equal('CertificateUntrusted');
      expect(rig.asked).to.deep.equal([]);
    });
  });
});
