// Everything that an authorization server can answer but a token: a value with what to do, and no word of the server
// or of what it was sent.

import { expect } from 'chai';
import { MAX_MESSAGE } from '../api/bounds.ts';
import type { RegistrySpec } from '../api/types.ts';
import { AUDIENCE, CLIENT_SECRET, OAuthRig } from '../testing/oauth-rig.ts';
import { type Say, says } from '../testing/registry-rig.ts';
import { sourceSecret } from '../testing/source-secrets.ts';
import type { TokenContextOptions } from '../testing/token-context.ts';
import { fetchOAuth, oauth } from './oauth.ts';
import type { Fetched, SourceFailure } from './source.ts';
import { askForToken } from './token-question.ts';

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Say =>
  says(status, { 'content-type': 'application/json', ...headers }, JSON.stringify(body));

type Row = readonly [answer: Say, reason: SourceFailure, message: string];

const ANSWERS: Readonly<Record<string, Row>> = {
  'of a client that it does not know': [
    json(401, { error: 'invalid_client', error_description: CLIENT_SECRET }),
    'TokenRefused',
    'it does not know the client, or not by this secret: correct its Secret',
  ],
  'of an identity that it does not trust': [
    json(400, { error: 'invalid_grant' }),
    'TokenRefused',
    "let it trust the cluster's issuer, this audience and the operator's subject",
  ],
  'of a client that may not': [
    json(400, { error: 'unauthorized_client' }),
    'TokenRefused',
    'allow it the grant at the authorization server (unauthorized_client)',
  ],
  'of a grant that it has not': [
    json(400, { error: 'unsupported_grant_type' }),
    'TokenRefused',
    'use another one, or enable the grant there',
  ],
  'of a scope that it has not': [
    json(400, { error: 'invalid_scope' }),
    'TokenRefused',
    'correct oauth.scope',
  ],
  'of a target that it has not': [
    json(400, { error: 'invalid_target' }),
    'TokenRefused',
    'correct oauth.parameters',
  ],
  'of a request that it does not understand': [
    json(400, { error: 'invalid_request' }),
    'TokenRefused',
    'compare oauth in the spec with what the authorization server wants',
  ],
  'with an error that is said to be well': [
    json(200, { error: 'access_denied' }),
    'TokenRefused',
    'allow it there',
  ],
  'with a code of its own': [
    json(400, { error: `no ${CLIENT_SECRET}` }),
    'TokenRefused',
    'it does not take the request (400)',
  ],
  'with a code of its own that is said to be well': [
    json(200, { error: 'odd', access_token: 'tk-of-an-error' }),
    'TokenRefused',
    'it does not take the request (200)',
  ],
  'of 401 without a word': [says(401), 'TokenRefused', 'it refuses (401)'],
  'of 403 without a word': [says(403), 'TokenRefused', 'it refuses (403)'],
  'that it is away': [
    json(503, { error: 'temporarily_unavailable' }),
    'TokenUnavailable',
    'it has an error of its own (503): it is tried again',
  ],
  'that it is away, with 400': [
    json(400, { error: 'temporarily_unavailable' }),
    'TokenUnavailable',
    'it is away for a while: it is tried again',
  ],
  'that there is nothing': [
    json(404, {}),
    'TokenUnavailable',
    'there is no token endpoint (404): correct oauth.token',
  ],
  'with a redirect': [
    says(307, { location: 'http://127.0.0.1:9/token' }),
    'TokenUnavailable',
    'it redirects (307), and nothing is sent after a redirect',
  ],
  'with a web page': [
    says(200, { 'content-type': 'text/html; charset=utf-8' }, '<html>log in</html>'),
    'TokenUnavailable',
    'it answers with a web page (200): correct oauth.tokenEndpoint',
  ],
  'with a web page of what stands before it': [
    says(403, { 'content-type': 'text/html' }, '<html>no</html>'),
    'TokenUnavailable',
    'it answers with a web page (403)',
  ],
  'that is no JSON': [
    says(200, {}, `token=${CLIENT_SECRET}`),
    'TokenUnavailable',
    'it gives no token that can be read',
  ],
  'that is a list': [
    json(200, [{ access_token: 'a' }]),
    'TokenUnavailable',
    'it gives no token that can be read',
  ],
  'without a token': [
    json(200, { token_type: 'Bearer' }),
    'TokenUnavailable',
    'it gives no token that can be read',
  ],
  'with an empty token': [
    json(200, { access_token: '' }),
    'TokenUnavailable',
    'it gives no token that can be read',
  ],
  'with a token that is no text': [
    json(200, { access_token: { a: 1 } }),
    'TokenUnavailable',
    'it gives no token that can be read',
  ],
  'with a token of two lines': [
    json(200, { access_token: 'a\nb' }),
    'TokenUnavailable',
    'it gives no token that can be read',
  ],
  'with a token that no Secret needs': [
    json(200, { access_token: 'a'.repeat(40_000) }),
    'TokenUnavailable',
    'it gives no token that can be read',
  ],
  'with a token that is over': [
    json(200, { access_token: 'a', expires_in: 0 }),
    'TokenUnavailable',
    "it gives a token that has ended already: compare its clock with this node's",
  ],
  'with a token that was over long ago': [
    json(200, { access_token: 'a', expires_in: -5 }),
    'TokenUnavailable',
    'it gives a token that has ended already',
  ],
  'without an end': [
    response => response.writeHead(200).write('{"access_token":"'.padEnd(70_000, 'a')),
    'TokenUnavailable',
    'its answer cannot be read (too long)',
  ],
  'with a header without an end': [
    response => response.writeHead(200, { 'x-long': 'a'.repeat(20_000) }).end('{}'),
    'TokenUnavailable',
    'its answer cannot be read (HPE_HEADER_OVERFLOW)',
  ],
  'that is packed': [
    says(200, { 'content-encoding': 'gzip' }, 'not-unpacked'),
    'TokenUnavailable',
    'it gives no token that can be read',
  ],
  'that never begins': [() => {}, 'TokenUnavailable', 'it did not answer in time: it is tried again'],
  'that stops in its middle': [
    response => response.writeHead(200).write('{"access_'),
    'TokenUnavailable',
    'it did not answer in time: it is tried again',
  ],
  'that comes one byte at a time': [
    response => {
      const timer = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(timer));
    },
    'TokenUnavailable',
    'it did not answer in time: it is tried again',
  ],
  'that is cut off': [
    response => response.destroy(),
    'TokenUnavailable',
    'the connection was cut (ECONNRESET)',
  ],
  'that is cut off in its middle': [
    response => response.writeHead(200, { 'content-length': 50 }).write('{', () => response.destroy()),
    'TokenUnavailable',
    'it is tried again',
  ],
};

const TIMEOUTS = { connect: 400, headers: 150, body: 150, whole: 500 };

describe('the source oauth, of an answer', () => {
  let rig: OAuthRig;
  beforeEach(async () => {
    rig = await OAuthRig.start();
  });
  afterEach(() => rig.stop());

  const get = (registry: RegistrySpec, options: TokenContextOptions = {}): Promise<Fetched> =>
    fetchOAuth(registry, rig.context(options), (url, request, question) =>
      askForToken(url, request, { ...question, timeouts: TIMEOUTS }),
    );

  for (const [title, [answer, reason, message]] of Object.entries(ANSWERS))
    it(`${title}, says ${reason} and what to do`, async () => {
      rig.server.instead = answer;
      const fetched = await get(rig.byClient());
      expect(fetched).to.deep.include({ ok: false, reason });
      expectTold(fetched, message);
      while (rig.server.open > 0) await new Promise(setImmediate);
    });

  it('that asks for a pause, says for how long', async () => {
    rig.server.instead = json(429, {}, { 'retry-after': '120' });
    const message = `could not get a token from ${host()}: it was asked too often (429): it is tried again`;
    const tired = { ok: false, reason: 'TokenUnavailable', message, retryAfter: 120_000 };
    expect(await get(rig.byClient())).to.deep.equal(tired);
    rig.server.instead = json(503, {}, { 'retry-after': '999999' });
    expect(await get(rig.byClient())).to.deep.include({ reason: 'TokenUnavailable', retryAfter: 3_600_000 });
    rig.server.instead = json(503, {}, { 'retry-after': 'soon' });
    expect(await get(rig.byClient())).not.to.have.property('retryAfter');
  });

  it('that quotes the whole request, shows nothing of it', async () => {
    const odd = sourceSecret('client', 'Opaque', {
      client_id: 'regcred',
      client_secret: 'wr0ng-not-a-real-one',
    });
    const wrong = await get(rig.byClient(), { secrets: [odd] });
    expectTold(wrong, '(invalid_client)');
    await rig.mount(rig.server.trust.issuer.token({ aud: AUDIENCE, sub: 'system:serviceaccount:a:b' }));
    for (const registry of [rig.byExchange(), rig.byJfrog()])
      expectTold(await get(registry), '(invalid_grant)');
    expectTold(await get(rig.byQuay()), 'it refuses (401)');
  });

  it('that never comes, for nobody listens, says so', async () => {
    const registry = rig.byClient();
    await rig.server.stop();
    expectTold(await get(registry), 'nobody listens there (ECONNREFUSED): it is tried again');
    rig = await OAuthRig.start();
  });

  it('that is given up while it is awaited, rejects with the reason', async () => {
    const giving = new AbortController();
    const reason = new Error('nobody waits');
    rig.server.instead = () => giving.abort(reason);
    const failure = await oauth
      .fetch(rig.byClient(), rig.context({ signal: giving.signal }))
      .catch((error: unknown) => error);
    expect(failure).to.equal(reason);
  });

  const host = (): string => new URL(rig.server.origin).host;

  function expectTold(fetched: Fetched, message: string): void {
    const said = fetched.ok ? '' : fetched.message;
    expect(said)
      .to.contain(message)
      .and.to.match(new RegExp(`^could not get a token from ${host()}: .+: .+`));
    expect([...said].length).to.be.at.most(MAX_MESSAGE);
    const { asked } = rig.server;
    const secrets = [CLIENT_SECRET, 'wr0ng', asked.at(-1)?.headers.authorization?.slice(6), 'eyJ'];
    for (const secret of secrets) if (secret) expect(said).not.to.contain(secret.slice(0, 8));
  }
});

const LIVES: Readonly<Record<string, readonly [fields: object, life: number]>> = {
  'a number of seconds': [{ expires_in: 600 }, 600_000],
  'a number of seconds as text': [{ expires_in: '600' }, 600_000],
  'a broken number': [{ expires_in: 600.7 }, 600_000],
  'nothing, which is taken for an hour': [{}, 3_600_000],
  'null, which is taken for an hour': [{ expires_in: null }, 3_600_000],
  'a word, which is taken for an hour': [{ expires_in: 'forever' }, 3_600_000],
  'more than can be, which is cut to ten years': [{ expires_in: 1e300 }, 315_360_000_000],
};

describe('the life of a token that is told by', () => {
  for (const [title, [fields, life]] of Object.entries(LIVES))
    it(title, async () => {
      const rig = await OAuthRig.start();
      rig.server.instead = json(200, { access_token: 'a', ...fields });
      const fetched = await oauth.fetch(rig.byClient(), rig.context({ now: () => 5_000 }));
      await rig.stop();
      expect(fetched.ok && fetched.expiresAt?.getTime()).to.equal(5_000 + life);
    });
});
