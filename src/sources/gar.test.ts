// The source gar with Google's own library, against services on loopback that look at what Google looks at.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ClusterIssuer } from '../testing/authorization/cluster-issuer.ts';
import { CloudRig } from '../testing/cloud-rig.ts';
import { ACCOUNT, AUDIENCE, federationFile, GoogleCloud, KEY_FILE } from '../testing/google-cloud.ts';
import { sourceSecret } from '../testing/source-secrets.ts';
import { type TokenContextRig, tokenContext } from '../testing/token-context.ts';
import { fetchGar, gar } from './gar.ts';
import type { Fetched } from './source.ts';

const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_only';
const registry = { server: 'europe-west3-docker.pkg.dev/project/images', gar: {} };
const bySecret = { ...registry, gar: { secretRef: { name: 'google' } } };
/** By whoever runs the operator. */
const ALLOWED = { nodeIdentity: ['gar'] };
const secretOf = (file: object) =>
  sourceSecret('google', 'Opaque', { 'credentials.json': JSON.stringify(file) });

describe('the source gar', () => {
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

  const byKey = (context = tokenContext({ secrets: [secretOf(KEY_FILE)] })): Promise<Fetched> =>
    fetchGar(bySecret, context, rig.ask);

  async function mounted(
    account?: string,
    token = issuer.token({ aud: AUDIENCE }),
  ): Promise<TokenContextRig> {
    const [tokenFile, credentials] = [join(folder, 'token'), join(folder, 'credentials.json')];
    await writeFile(tokenFile, token);
    await writeFile(credentials, JSON.stringify(federationFile(tokenFile, account)));
    return tokenContext({ environment: { GOOGLE_APPLICATION_CREDENTIALS: credentials } });
  }

  /** The token that it gave, and what that is good for. */
  function given(fetched: Fetched): { password: string; purpose: string | undefined } {
    if (!fetched.ok) throw new Error(fetched.message);
    const [entry] = fetched.entries;
    const { username, password } = JSON.parse(entry?.json ?? '{}');
    expect(username).to.equal('oauth2accesstoken');
    expect(entry?.server).to.equal(registry.server);
    return { password, purpose: google.given.get(password) };
  }

  it('gets a token as the service account of a key file, good for reading and nothing else', async () => {
    const context = tokenContext({ secrets: [secretOf(KEY_FILE)] });
    const { password, purpose } = given(await byKey(context));
    expect(purpose).to.equal(`${ACCOUNT} ${SCOPE}`);
    expect(context.learned).to.include.members([KEY_FILE.private_key, password]);
    expect(rig.urls).to.deep.equal(['POST https://oauth2.googleapis.com/token']);
  });

  it('gets a new token each time, for the same server', async () => {
    expect(given(await byKey()).password).to.not.equal(given(await byKey()).password);
  });

  it('knows when the token ends', async () => {
    google.lifetime = 600;
    const before = Date.now();
    const fetched = await byKey();
    expect(fetched.ok && Number(fetched.expiresAt)).to.be.within(before + 600_000, Date.now() + 600_000);
  });

  it('asks Google, whatever token_uri of a key file says', async () => {
    const file = { ...KEY_FILE, token_uri: 'https://thief.example.com/token' };
    given(await byKey(tokenContext({ secrets: [secretOf(file)] })));
    expect(rig.urls).to.deep.equal(['POST https://oauth2.googleapis.com/token']);
  });

  it('exchanges a projected token for one of Google', async () => {
    const { purpose } = given(await fetchGar(registry, await mounted(), rig.ask));
    expect(purpose).to.equal(`federated ${SCOPE}`);
    expect(rig.urls).to.deep.equal(['POST https://sts.googleapis.com/v1/token']);
  });

  it('acts as a service account by federation, and only the token of that is narrow and handed out', async () => {
    const context = await mounted(ACCOUNT);
    const fetched = await fetchGar(registry, context, rig.ask);
    expect(given(fetched).purpose).to.equal(`${ACCOUNT} ${SCOPE}`);
    expect(rig.asked.map(({ host }) => host)).to.deep.equal([
      'sts.googleapis.com',
      'iamcredentials.googleapis.com',
    ]);
    expect(fetched.ok && Number(fetched.expiresAt)).to.be.greaterThan(Date.now() + 3_500_000);
  });

  it('reads the projected token anew each time, and tells the redactor', async () => {
    const context = await mounted();
    await fetchGar(registry, context, rig.ask);
    const next = issuer.token({ aud: AUDIENCE });
    await writeFile(join(folder, 'token'), next);
    await fetchGar(registry, context, rig.ask);
    expect(rig.asked[1]?.form.get('subject_token')).to.equal(next);
    expect(context.learned).to.include(next);
  });

  it('asks the metadata server where that is allowed and nothing else is named, for no more than it needs', async () => {
    const { purpose } = given(await fetchGar(registry, tokenContext(ALLOWED), rig.ask));
    expect(purpose).to.equal(`attached ${SCOPE}`);
    expect(rig.asked.map(({ url }) => url.origin)).to.deep.equal(['http://169.254.169.254']);
  });

  it('counts the life that the metadata server tells by the clock of the operator', async () => {
    google.lifetime = 600;
    const fetched = await fetchGar(registry, tokenContext({ ...ALLOWED, now: () => 5_000 }), rig.ask);
    expect(fetched.ok && Number(fetched.expiresAt)).to.equal(605_000);
  });

  it('asks no metadata server unless whoever runs the operator allows it, for what is there is not its own', async () => {
    for (const nodeIdentity of [[], ['acr']]) {
      const fetched = await fetchGar(registry, tokenContext({ nodeIdentity }), rig.ask);
      expect(fetched).to.deep.include({ ok: false, reason: 'NotAllowed' });
      expect(!fetched.ok && fetched.message).to.match(
        /gar\.secretRef, .*start the operator with --node-identity=gar$/,
      );
    }
    expect(rig.asked).to.deep.equal([]);
  });

  it('asks the metadata server that GCE_METADATA_HOST names, over the network and past every proxy', async () => {
    const environment = {
      GCE_METADATA_HOST: `127.0.0.1:${rig.port}`,
      HTTP_PROXY: 'http://127.0.0.1:1',
      HTTPS_PROXY: 'http://127.0.0.1:1',
    };
    const { purpose } = given(await gar.fetch(registry, tokenContext({ environment, ...ALLOWED })));
    expect(purpose).to.equal(`attached ${SCOPE}`);
  });

  it('gives nothing for a server that is not of Google, and asks nobody', async () => {
    for (const server of ['gcr.io.example.com', 'xgcr.io', 'pkg.dev', 'thief.io/gcr.io', 'gcr.io:443', '']) {
      const fetched = await fetchGar({ ...bySecret, server }, tokenContext(), rig.ask);
      expect(fetched).to.deep.include({ ok: false, reason: 'NotAllowed' });
    }
    expect(rig.asked).to.deep.equal([]);
  });

  it('gives the login for all that the kubelet matches with a star below a name of Google', async () => {
    for (const server of ['gcr.io', 'us.gcr.io/project', '*.gcr.io', '*-docker.pkg.dev']) {
      const context = tokenContext({ secrets: [secretOf(KEY_FILE)] });
      const fetched = await fetchGar({ ...bySecret, server }, context, rig.ask);
      expect(fetched.ok && fetched.entries[0]?.server).to.equal(server);
    }
  });

  it('says what it reads and serves', () => {
    expect(gar.secretNames(bySecret)).to.deep.equal(['google']);
    expect(gar.secretNames(registry)).to.deep.equal([]);
    expect(gar.servers(registry)).to.deep.equal([registry.server]);
  });

  it('rejects when it is aborted, also by a server that never answers', async () => {
    const ending = new AbortController();
    rig.instead.set('oauth2.googleapis.com', () => {
      ending.abort(new Error('nobody waits'));
      return undefined;
    });
    const context = tokenContext({ secrets: [secretOf(KEY_FILE)], signal: ending.signal });
    const failure = await byKey(context).then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect(failure).to.equal('nobody waits');
  });
});
