// The source acr with Azure's own library, against services on loopback that look at what Azure looks at.

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ClusterIssuer } from '../testing/authorization/cluster-issuer.ts';
import { AUDIENCE, AzureCloud, CLIENT, CLIENT_SECRET, REGISTRY, TENANT } from '../testing/azure-cloud.ts';
import { CloudRig } from '../testing/cloud-rig.ts';
import { sourceSecret } from '../testing/source-secrets.ts';
import { type TokenContextRig, tokenContext } from '../testing/token-context.ts';
import { acr, fetchAcr } from './acr.ts';
import type { Fetched } from './source.ts';

const registry = { server: REGISTRY, acr: {} };
const bySecret = {
  server: REGISTRY,
  acr: { tenantId: TENANT, clientId: CLIENT, secretRef: { name: 'azure' } },
};
/** By whoever runs the operator. */
const ALLOWED = { nodeIdentity: ['acr'] };
const secret = sourceSecret('azure', 'Opaque', { clientSecret: CLIENT_SECRET });

describe('the source acr', () => {
  const issuer = new ClusterIssuer();
  let azure: AzureCloud;
  let rig: CloudRig;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regcred-acr-'));
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(async () => {
    azure = new AzureCloud(issuer);
    rig = await CloudRig.start(azure.answer);
  });
  afterEach(() => rig.stop());

  async function withWorkloadIdentity(token = issuer.token({ aud: AUDIENCE })): Promise<TokenContextRig> {
    const file = join(folder, 'azure-identity-token');
    await writeFile(file, token);
    const environment = {
      AZURE_FEDERATED_TOKEN_FILE: file,
      AZURE_TENANT_ID: TENANT,
      AZURE_CLIENT_ID: CLIENT,
    };
    return tokenContext({ environment });
  }

  function expectGiven(fetched: Fetched, server = REGISTRY): string {
    if (!fetched.ok) throw new Error(fetched.message);
    const [entry] = fetched.entries;
    const { username, password } = JSON.parse(entry?.json ?? '{}');
    expect(entry?.server).to.equal(server);
    expect(username).to.equal('00000000-0000-0000-0000-000000000000');
    expect([...azure.given]).to.include(password);
    return password;
  }

  it('gets a login of the registry with a client secret', async () => {
    const context = tokenContext({ secrets: [secret] });
    const password = expectGiven(await fetchAcr(bySecret, context, rig.ask));
    expect(rig.urls).to.deep.equal([
      `POST https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`,
      `POST https://${REGISTRY}/oauth2/exchange`,
    ]);
    expect(context.learned).to.include.members([CLIENT_SECRET, ...azure.entra.keys(), password]);
  });

  it('knows when the login ends, from the login itself', async () => {
    azure.lifetime = 600;
    const before = Date.now();
    const fetched = await fetchAcr(bySecret, tokenContext({ secrets: [secret] }), rig.ask);
    expect(fetched.ok && Number(fetched.expiresAt)).to.be.within(before + 599_000, Date.now() + 600_000);
  });

  it('counts the life of the login by our clock, where that of Azure is ahead', async () => {
    azure.lifetime = 10_800;
    const now = () => 5_000_000_000;
    azure.ahead = now() + 7_200_000 - Date.now();
    const fetched = await fetchAcr(bySecret, tokenContext({ secrets: [secret], now }), rig.ask);
    expect(fetched.ok && Number(fetched.expiresAt)).to.equal(now() + 10_800_000);
  });

  it('says that both are asked, the registry and Entra', () => {
    expect(acr.asks(registry)).to.deep.equal([REGISTRY, 'login.microsoftonline.com']);
    expect(acr.asks({ server: 'registry.azurecr.cn/team', acr: {} })).to.deep.equal([
      'registry.azurecr.cn',
      'login.partner.microsoftonline.cn',
    ]);
  });

  it('gets one with the workload identity of the operator', async () => {
    const context = await withWorkloadIdentity();
    expectGiven(await fetchAcr(registry, context, rig.ask));
    expect(rig.asked[0]?.form.get('client_assertion')).to.equal(context.learned[0]);
    expect(rig.asked[0]?.form.has('client_secret')).to.equal(false);
  });

  it('reads the token of the workload identity anew each time', async () => {
    const context = await withWorkloadIdentity();
    await fetchAcr(registry, context, rig.ask);
    const next = issuer.token({ aud: AUDIENCE });
    await writeFile(join(folder, 'azure-identity-token'), next);
    expectGiven(await fetchAcr(registry, context, rig.ask));
    expect(rig.asked[2]?.form.get('client_assertion')).to.equal(next);
  });

  it('asks as another application of another tenant where the spec names them', async () => {
    const spec = { server: REGISTRY, acr: { tenantId: 'other.example.com', clientId: randomUUID() } };
    const fetched = await fetchAcr(spec, await withWorkloadIdentity(), rig.ask);
    expect(rig.urls[0]).to.equal(
      'POST https://login.microsoftonline.com/other.example.com/oauth2/v2.0/token',
    );
    expect(!fetched.ok && fetched.message).to.match(/no such tenant/);
  });

  it('asks for no managed identity of the node unless whoever runs the operator allows it', async () => {
    for (const acr of [{}, { clientId: randomUUID() }]) {
      const fetched = await fetchAcr(
        { server: REGISTRY, acr },
        tokenContext({ nodeIdentity: ['gar'] }),
        rig.ask,
      );
      expect(fetched).to.deep.include({ ok: false, reason: 'NotAllowed' });
      expect(!fetched.ok && fetched.message).to.match(
        /acr\.secretRef, .*start the operator with --node-identity=acr$/,
      );
    }
    expect(rig.asked).to.deep.equal([]);
  });

  it('gets one with the managed identity of the node where that is allowed', async () => {
    expectGiven(await fetchAcr(registry, tokenContext(ALLOWED), rig.ask));
    expect(rig.asked[0]?.url.origin).to.equal('http://169.254.169.254');
    expect(rig.asked[0]?.url.searchParams.has('client_id')).to.equal(false);
    expect(rig.asked[1]?.form.has('tenant')).to.equal(false);
  });

  it('gets one with a managed identity that is named', async () => {
    const clientId = randomUUID();
    azure.pullers.add(clientId);
    expectGiven(await fetchAcr({ server: REGISTRY, acr: { clientId } }, tokenContext(ALLOWED), rig.ask));
    expect(rig.asked[0]?.url.searchParams.get('client_id')).to.equal(clientId);
  });

  for (const [end, authority] of [
    ['us', 'login.microsoftonline.us'],
    ['cn', 'login.partner.microsoftonline.cn'],
  ]) {
    it(`asks ${authority} for a registry whose name ends in ${end}, for the same narrow token`, async () => {
      const server = `registry.azurecr.${end}`;
      const fetched = await fetchAcr({ ...bySecret, server }, tokenContext({ secrets: [secret] }), rig.ask);
      expectGiven(fetched, server);
      expect(rig.asked.map(({ host }) => host)).to.deep.equal([authority, server]);
    });
  }

  it('serves a part of a registry, and asks the registry as a whole', async () => {
    const server = `https://${REGISTRY}/team`;
    expectGiven(
      await fetchAcr({ ...bySecret, server }, tokenContext({ secrets: [secret] }), rig.ask),
      server,
    );
    expect(rig.asked[1]?.form.get('service')).to.equal(REGISTRY);
  });

  it('asks nobody for a server that is not of Azure', async () => {
    for (const server of [
      'azurecr.io',
      'r.azurecr.io.example.com',
      'xazurecr.io',
      'r.azurecr.io:444',
      '*.azurecr.io',
    ]) {
      const fetched = await fetchAcr({ ...bySecret, server }, tokenContext({ secrets: [secret] }), rig.ask);
      expect(fetched).to.deep.include({ ok: false, reason: 'NotAllowed' });
    }
    expect(rig.asked).to.deep.equal([]);
  });

  it('says what it reads and serves', () => {
    expect(acr.secretNames(bySecret)).to.deep.equal(['azure']);
    expect(acr.secretNames(registry)).to.deep.equal([]);
    expect(acr.servers(registry)).to.deep.equal([REGISTRY]);
  });

  it('rejects when it is aborted, also by a server that never answers', async () => {
    for (const host of ['login.microsoftonline.com', REGISTRY]) {
      const ending = new AbortController();
      rig.instead.set(host, () => {
        ending.abort(new Error('nobody waits'));
        return undefined;
      });
      const context = tokenContext({ secrets: [secret], signal: ending.signal });
      const failure = await fetchAcr(bySecret, context, rig.ask).then(
        () => undefined,
        (error: Error) => error.message,
      );
      expect(failure).to.equal('nobody waits');
      rig.instead.delete(host);
    }
  });
});
