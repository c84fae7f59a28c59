// Every way in which Google gives no token: what is said of it, and that no message holds what was sent.

import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ClusterIssuer } from '../testing/authorization/cluster-issuer.ts';
import { CloudRig } from '../testing/cloud-rig.ts';
import { ACCOUNT, AUDIENCE, federationFile, GoogleCloud, KEY_FILE } from '../testing/google-cloud.ts';
import { GOOGLE_REFUSALS, type Way } from '../testing/google-refusals.ts';
import { sourceSecret } from '../testing/source-secrets.ts';
import { type TokenContextRig, tokenContext } from '../testing/token-context.ts';
import { fetchGar } from './gar.ts';
import type { Fetched } from './source.ts';

describe('the source gar fails with a value', () => {
  const issuer = new ClusterIssuer();
  let google: GoogleCloud;
  let rig: CloudRig;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regcred-gar-'));
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(async () => {
    google = new GoogleCloud(issuer);
    rig = await CloudRig.start(google.answer);
  });
  afterEach(() => rig.stop());

  async function contextOf(way: Way, token = issuer.token({ aud: AUDIENCE })): Promise<TokenContextRig> {
    if (way === 'metadata') return tokenContext({ nodeIdentity: ['gar'] });
    if (way === 'key') return withSecret(KEY_FILE);
    const [tokenFile, credentials] = [join(folder, 'token'), join(folder, 'credentials.json')];
    await writeFile(tokenFile, token);
    const account = way === 'impersonation' ? ACCOUNT : undefined;
    await writeFile(credentials, JSON.stringify(federationFile(tokenFile, account)));
    return tokenContext({ environment: { GOOGLE_APPLICATION_CREDENTIALS: credentials } });
  }

  const withSecret = (file: object | string): TokenContextRig => {
    const text = typeof file === 'string' ? file : JSON.stringify(file);
    return tokenContext({ secrets: [sourceSecret('google', 'Opaque', { 'credentials.json': text })] });
  };

  const fetchAs = (way: Way, context: TokenContextRig): Promise<Fetched> =>
    fetchGar(
      { server: 'gcr.io', gar: way === 'key' ? { secretRef: { name: 'google' } } : {} },
      context,
      rig.ask,
    );

  /** Nothing that was sent or read, nor half of it. */
  function expectNothingShown(message: string, context: TokenContextRig): void {
    const sent = rig.asked.flatMap(({ body, headers }) => [
      ...new URLSearchParams(body).values(),
      headers.authorization ?? '',
    ]);
    for (const secret of [...context.learned, ...sent, ...google.given.keys()].filter(
      ({ length }) => length > 20,
    ))
      expect(message).to.not.contain(secret.slice(-16));
    expect(message.length).to.be.at.most(512);
  }

  for (const [title, { way, host, says, reason, message, retryAfter }] of Object.entries(GOOGLE_REFUSALS)) {
    it(`${title} is ${reason}, asked once, and the message holds nothing that was sent`, async () => {
      rig.instead.set(host, typeof says === 'function' ? says : () => says);
      const context = await contextOf(way);
      const fetched = await fetchAs(way, context);
      expect(fetched).to.deep.include({ ok: false, reason, ...(retryAfter && { retryAfter }) });
      const said = fetched.ok ? '' : fetched.message;
      expect(said).to.match(message);
      expectNothingShown(said, context);
      expect(rig.asked.filter(asked => asked.host === host)).to.have.lengthOf(1);
    });
  }

  it('a clock that is wrong by an hour is told from a key that is wrong', async () => {
    google.ahead = -3_600_000;
    const context = await contextOf('key');
    const fetched = await fetchAs('key', context);
    expect(fetched).to.deep.include({ ok: false, reason: 'TokenRefused' });
    expect(!fetched.ok && fetched.message).to.match(/compare its clock with this node's \(invalid_grant\)$/);
  });

  it('the key of somebody else does not get a token', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const context = withSecret({ ...KEY_FILE, private_key: pem });
    const fetched = await fetchAs('key', context);
    expect(!fetched.ok && fetched.message).to.match(/key is not one of the service account/);
    expectNothingShown(fetched.ok ? '' : fetched.message, context);
  });

  it('a projected token that has ended is not even shown', async () => {
    const ended = issuer.token({ aud: AUDIENCE }, Date.now() - 7_200_000);
    const context = await contextOf('federation', ended);
    const fetched = await fetchAs('federation', context);
    expect(fetched).to.deep.include({ ok: false, reason: 'TokenUnavailable' });
    expect(!fetched.ok && fetched.message).to.match(/has ended: the kubelet renews it/);
    expect(rig.asked).to.deep.equal([]);
  });

  it("one that ends by Google's clock is refused by Google", async () => {
    google.ahead = 7_200_000;
    const context = await contextOf('federation');
    const fetched = await fetchAs('federation', context);
    expect(fetched).to.deep.include({ ok: false, reason: 'TokenRefused' });
    expectNothingShown(fetched.ok ? '' : fetched.message, context);
  });

  it('a token that the API server takes is shown to nobody', async () => {
    for (const aud of ['https://kubernetes.default.svc', issuer.issuer]) {
      const context = await contextOf('federation', issuer.token({ aud: [aud, AUDIENCE] }));
      expect(await fetchAs('federation', context)).to.deep.include({ ok: false, reason: 'NotAllowed' });
    }
    expect(rig.asked).to.deep.equal([]);
  });

  it('a server that is away is tried again, and its name is in the message', async () => {
    const failing = Object.assign(new Error(`with ${KEY_FILE.private_key}`), { code: 'ECONNREFUSED' });
    const context = await contextOf('key');
    const spec = { server: 'gcr.io', gar: { secretRef: { name: 'google' } } };
    const fetched = await fetchGar(spec, context, () => Promise.reject(failing));
    expect(fetched).to.deep.equal({
      ok: false,
      reason: 'TokenUnavailable',
      message:
        'could not get a token from oauth2.googleapis.com: nobody listens there (ECONNREFUSED): it is tried again',
    });
  });

  it('without a metadata server it says which ways there are', async () => {
    const fetched = await fetchGar(
      { server: 'gcr.io', gar: {} },
      tokenContext({ nodeIdentity: ['gar'] }),
      () => Promise.reject(Object.assign(new Error(), { code: 'EHOSTUNREACH' })),
    );
    expect(!fetched.ok && fetched.message).to.match(/name a Secret in gar\.secretRef, or set up/);
  });
});
