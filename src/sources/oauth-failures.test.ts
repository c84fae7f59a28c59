// Everything that an authorization server can answer but a token: a value with what to do, and no word of the server
// or of what it was sent.

import { expect } from 'chai';
import { MAX_MESSAGE } from '../api/bounds.ts';
import type { RegistrySpec } from '../api/types.ts';
import { json, UNUSABLE_ANSWERS } from '../testing/authorization/unusable-answers.ts';
import { AUDIENCE, CLIENT_SECRET, OAuthRig } from '../testing/oauth-rig.ts';
import { sourceSecret } from '../testing/source-secrets.ts';
import type { TokenContextOptions } from '../testing/token-context.ts';
import { fetchOAuth, oauth } from './oauth.ts';
import type { Fetched } from './source.ts';
import { askForToken } from './token-question.ts';

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

  for (const [title, [answer, reason, message]] of Object.entries(UNUSABLE_ANSWERS))
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
    await rig.mount(rig.issuer.token({ aud: AUDIENCE, sub: 'system:serviceaccount:a:b' }));
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

const jwt = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

const LIVES: Readonly<Record<string, readonly [fields: object, life: number]>> = {
  'a number of seconds': [{ expires_in: 600 }, 600_000],
  'a number of seconds as text': [{ expires_in: '600' }, 600_000],
  'a broken number': [{ expires_in: 600.7 }, 600_000],
  'nothing, which is taken for an hour': [{}, 3_600_000],
  'null, which is taken for an hour': [{ expires_in: null }, 3_600_000],
  'a word, which is taken for an hour': [{ expires_in: 'forever' }, 3_600_000],
  'the token itself': [{ access_token: jwt({ exp: 605 }) }, 600_000],
  'the token itself, by a clock that is ahead': [{ access_token: jwt({ iat: 7200, exp: 7800 }) }, 600_000],
  'the token itself, which was given before': [{ access_token: jwt({ iat: 1, exp: 305 }) }, 300_000],
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
