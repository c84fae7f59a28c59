// The ways to get a token, each against a server that looks at what it is sent.

import { expect } from 'chai';
import type { RegistrySpec } from '../api/types.ts';
import { encodeEntry } from '../core/docker-config.ts';
import { AUDIENCE, CLIENT_SECRET, exchangeOf, OAuthRig } from '../testing/oauth-rig.ts';
import { sourceSecret } from '../testing/source-secrets.ts';
import type { TokenContextOptions } from '../testing/token-context.ts';
import { oauth } from './oauth.ts';
import type { Fetched } from './source.ts';

const NOW = Date.UTC(2030, 0, 1);

describe('the source oauth', () => {
  let rig: OAuthRig;
  beforeEach(async () => {
    rig = await OAuthRig.start({ now: () => NOW });
    await rig.mount(rig.issuer.token({ aud: AUDIENCE }, NOW));
  });
  afterEach(() => rig.stop());

  const get = (registry: RegistrySpec, options: TokenContextOptions = {}): Promise<Fetched> =>
    oauth.fetch(registry, rig.context({ now: () => NOW, ...options }));

  const login = (username: string, life = 3_600_000): Fetched => ({
    ok: true,
    entries: [encodeEntry({ server: 'registry.example', username, password: rig.server.given.at(-1) ?? '' })],
    bad: [],
    expiresAt: new Date(NOW + life),
  });

  it('a client with a secret gets a token, which becomes the password until it ends', async () => {
    expect(await get(rig.byClient())).to.deep.equal(login('robot'));
    expect(rig.server.asked[0]?.headers.authorization).to.match(/^Basic /);
  });

  it('a client that is to post its secret has it in the body and in no header', async () => {
    expect(await get(rig.byClient({}, 'Post'))).to.deep.equal(login('robot'));
    expect(rig.server.asked[0]?.headers).not.to.have.property('authorization');
  });

  it('a secret of any characters arrives as it is, in the header and in the body', async () => {
    const [id, secret] = ['a:b c%41', 'x+y:z/ü&=%20"ß'];
    const odd = await OAuthRig.start({ clients: new Map([[id, secret]]) });
    const secrets = [sourceSecret('client', 'Opaque', { client_id: id, client_secret: secret })];
    for (const method of ['Basic', 'Post'] as const)
      expect(await oauth.fetch(odd.byClient({}, method), odd.context({ secrets }))).to.deep.include({
        ok: true,
      });
    await odd.stop();
  });

  it('the identity of the operator is exchanged for a token, without any secret', async () => {
    expect(await get(rig.byExchange())).to.deep.equal(login('robot'));
    expect(rig.server.asked[0]?.body).not.to.contain('client');
  });

  it('the identity of a client that is known besides is exchanged too', async () => {
    const tokenExchange = exchangeOf({ secretRef: { name: 'client' }, authMethod: 'Post' });
    expect(await get(rig.byExchange({ tokenExchange }))).to.deep.equal(login('robot'));
    expect(new URLSearchParams(rig.server.asked[0]?.body).get('client_secret')).to.equal(CLIENT_SECRET);
  });

  it('JFrog gets JSON with the name that it has for the cluster', async () => {
    expect(await get(rig.byJfrog())).to.deep.equal(login('robot'));
  });

  it('Quay gets the name of the robot with the identity of the operator, and says in the token when it ends', async () => {
    rig.server.lifetime = 900;
    expect(await get(rig.byQuay())).to.deep.equal(login('org+robot', 900_000));
  });

  it('scope and parameters are sent, and a parameter takes the place of nothing', async () => {
    const parameters = { resource: 'https://registry.example', grant_type: 'password', scope: 'all' };
    expect(await get(rig.byClient({ scope: 'pull', parameters }))).to.deep.include({ ok: true });
    expect(Object.fromEntries(new URLSearchParams(rig.server.asked[0]?.body))).to.deep.equal({
      grant_type: 'client_credentials',
      scope: 'pull',
      resource: 'https://registry.example',
    });
  });

  it('the token of the kubelet is read anew each time', async () => {
    await rig.mount(rig.issuer.token({ aud: AUDIENCE, exp: NOW / 1000 - 1 }, NOW));
    expect(await get(rig.byExchange())).to.deep.include({ ok: false });
    await rig.mount(`${rig.issuer.token({ aud: AUDIENCE }, NOW)}\n`);
    expect(await get(rig.byExchange())).to.deep.include({ ok: true });
  });

  it('each fetch is one request, and leaves no connection behind', async () => {
    await get(rig.byClient());
    await get(rig.byClient());
    expect(rig.server.asked).to.have.lengthOf(2);
    while (rig.server.open > 0) await new Promise(setImmediate);
  });

  it('the redactor knows all that is secret in it', async () => {
    const context = rig.context({ now: () => NOW });
    await oauth.fetch(rig.byClient(), context);
    const pair = Buffer.from(`regcred:${CLIENT_SECRET}`).toString('base64');
    expect(context.learned).to.have.members([CLIENT_SECRET, pair, rig.server.given[0]]);
  });

  it('it says what it reads and serves', () => {
    expect(oauth.secretNames(rig.byClient())).to.deep.equal(['client']);
    expect(oauth.secretNames(rig.byQuay())).to.deep.equal([]);
    expect(oauth.servers(rig.byClient())).to.deep.equal(['registry.example']);
  });

  it('a fetch that is given up rejects with the reason, and nothing is sent', async () => {
    const reason = new Error('nobody waits');
    const failure = await oauth
      .fetch(rig.byClient(), rig.context({ signal: AbortSignal.abort(reason) }))
      .catch((error: unknown) => error);
    expect(failure).to.equal(reason);
    expect(rig.server.asked).to.deep.equal([]);
  });
});
