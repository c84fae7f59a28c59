// Which identity of the operator is shown, and which never is: before anything is sent, and whatever is allowed.

import { expect } from 'chai';
import { API_AUDIENCE, AUDIENCE, OAuthRig } from '../testing/oauth-rig.ts';
import { oauth } from './oauth.ts';
import type { OAuthAllowance } from './oauth-allowance.ts';
import type { Fetched, TokenContext } from './source.ts';

type Claims = Parameters<OAuthRig['token']>[0];

const OF_API =
  'is one that the API server takes, so it is shown to nobody else: give its serviceAccountToken';
const OTHER = 'is not for that audience alone, so it is not sent: give its serviceAccountToken the audience';
const ISSUER = 'https://issuer.cluster.example';

/** What stands in the file; the audience that is asked for is always the allowed one. */
const REFUSED: Readonly<Record<string, readonly [claims: Claims, message: string]>> = {
  'one for the API server': [{ aud: [API_AUDIENCE] }, OF_API],
  'one for the API server besides': [{ aud: [AUDIENCE, API_AUDIENCE] }, OF_API],
  'one for a second audience of the API server': [
    { aud: [AUDIENCE, 'https://second.cluster.example'] },
    OF_API,
  ],
  'one for the issuer, which API servers take unless told otherwise': [{ aud: [AUDIENCE, ISSUER] }, OF_API],
  'one for the API server by the name that all know': [
    { aud: [AUDIENCE, 'https://kubernetes.default.svc'] },
    OF_API,
  ],
  'one for another audience': [{ aud: 'other.example' }, OTHER],
  'one for another audience besides': [{ aud: [AUDIENCE, 'other.example'] }, OTHER],
  'one for no audience, as they were of old': [{ aud: [] }, OF_API],
  'one that has ended': [{ exp: 1_000 }, 'has ended: the kubelet renews it, unless'],
  'one that never ends': [{ exp: undefined }, 'has ended: the kubelet renews it, unless'],
  'one of the future': [
    { nbf: 32_503_680_000, exp: 32_503_690_000 },
    'is not valid yet: set the clock of this node',
  ],
};

describe('the identity that oauth shows', () => {
  let rig: OAuthRig;
  beforeEach(async () => {
    rig = await OAuthRig.start();
  });
  afterEach(() => rig.stop());

  const get = (allowance: Partial<OAuthAllowance> = {}, audience = AUDIENCE): Promise<Fetched> =>
    oauth.fetch(rig.byQuay(audience), rig.context({ oauth: { ...rig.allowance, ...allowance } }));

  const getAs = (apiToken: TokenContext['apiToken']): Promise<Fetched> =>
    oauth.fetch(rig.byQuay(), rig.context({ apiToken }));

  const said = (fetched: Fetched): string => (fetched.ok ? 'it was sent' : fetched.message);

  for (const [title, [claims, message]] of Object.entries(REFUSED))
    it(`is not ${title}`, async () => {
      const token = rig.token(claims);
      await rig.mount(token);
      const fetched = await get();
      expect(said(fetched)).to.contain(message).and.not.to.contain(token.slice(0, 8));
      expect(rig.server.asked).to.deep.equal([]);
    });

  for (const audience of [API_AUDIENCE, ISSUER, 'https://kubernetes.default.svc.cluster.local', 'api'])
    it(`is not for ${audience}, whatever the operator was started with`, async () => {
      await rig.mount(rig.token({ aud: [audience] }));
      const { quayEndpoint } = rig.server;
      const endpoints = [{ url: quayEndpoint, audience }];
      const fetched = await get({ endpoints, audiences: new Map([[audience, rig.tokenFile]]) }, audience);
      expect(fetched).to.deep.include({ ok: false, reason: 'NotAllowed' });
      expect(said(fetched)).to.contain(OF_API);
      expect(rig.server.asked).to.deep.equal([]);
    });

  it('is none as long as nobody can tell what the audiences of the API server are', async () => {
    const message = 'nothing is sent before that is known';
    expect(said(await getAs(() => Promise.reject(new Error('not-to-be-shown')))))
      .to.contain(message)
      .and.not.to.contain('not-to-be-shown');
    expect(rig.server.asked).to.deep.equal([]);
  });

  it('may be one of an operator that logs in with a certificate, or with what is no JWT', async () => {
    for (const token of [undefined, 'opaque-not-a-real-one'])
      expect(await getAs(async () => token)).to.deep.include({ ok: true });
  });

  it('is not for the issuer, also of an operator that logs in with a certificate', async () => {
    await rig.mount(rig.token({ aud: [AUDIENCE, ISSUER] }));
    expect(said(await getAs(async () => undefined))).to.contain(OF_API);
  });

  it('is not one that is not there', async () => {
    const audiences = new Map([[AUDIENCE, `${rig.tokenFile}-not-there`]]);
    const message = `could not read the token for the audience ${AUDIENCE}: ENOENT; mount it where --oauth-audiences says`;
    expect(said(await get({ audiences }))).to.equal(message);
  });

  for (const text of ['', 'not-a-real-token', 'a.b.c', 'a.W10.c', 'a.bnVsbA.c', 'a.e30.c.d.e'])
    it(`is not what is no token: ${JSON.stringify(text)}`, async () => {
      await rig.mount(text);
      expect(said(await get())).to.contain(
        'is no JSON Web Token, so it is shown to nobody: mount one with serviceAccountToken in a projected volume',
      );
      expect(rig.server.asked).to.deep.equal([]);
    });

  it('is known to the redactor before anything is sent', async () => {
    const context = rig.context();
    await oauth.fetch(rig.byQuay(), context);
    const [, pair = ''] = (rig.server.asked[0]?.headers.authorization ?? '').split(' ');
    const sent = Buffer.from(pair, 'base64').toString();
    expect(sent).to.equal(`org+robot:${context.learned[0]}`);
  });
});
