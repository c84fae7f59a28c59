// Every way in which Azure gives no login: what is said of it, and that no message holds what was sent.

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ClusterIssuer } from '../testing/authorization/cluster-issuer.ts';
import { AUDIENCE, AzureCloud, CLIENT, CLIENT_SECRET, REGISTRY, TENANT } from '../testing/azure-cloud.ts';
import { AZURE_REFUSALS, type Way } from '../testing/azure-refusals.ts';
import { CloudRig } from '../testing/cloud-rig.ts';
import { sourceSecret } from '../testing/source-secrets.ts';
import { type TokenContextRig, tokenContext } from '../testing/token-context.ts';
import { fetchAcr } from './acr.ts';
import type { Fetched } from './source.ts';

describe('the source acr fails with a value', () => {
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

  async function contextOf(way: Way, token = issuer.token({ aud: AUDIENCE })): Promise<TokenContextRig> {
    if (way !== 'workload') return withSecret(CLIENT_SECRET);
    const file = join(folder, 'token');
    await writeFile(file, token);
    const environment = { AZURE_FEDERATED_TOKEN_FILE: file };
    return tokenContext({ environment });
  }

  const withSecret = (clientSecret: string): TokenContextRig =>
    tokenContext({ secrets: [sourceSecret('azure', 'Opaque', { clientSecret })], nodeIdentity: ['acr'] });

  const identity = { tenantId: TENANT, clientId: CLIENT };

  function fetchAs(way: Way, context: TokenContextRig, others = {}): Promise<Fetched> {
    // The library remembers the tokens of a managed identity: each is asked for once in a process.
    const spec = way === 'managed' ? { clientId: randomUUID() } : identity;
    const secretRef = way === 'secret' ? { secretRef: { name: 'azure' } } : {};
    return fetchAcr({ server: REGISTRY, acr: { ...spec, ...secretRef, ...others } }, context, rig.ask);
  }

  function expectNothingShown(message: string, context: TokenContextRig): void {
    const sent = rig.asked.flatMap(({ form }) =>
      ['client_secret', 'client_assertion', 'access_token'].map(name => form.get(name) ?? ''),
    );
    const secrets = [...context.learned, ...sent, ...azure.entra.keys(), ...azure.given];
    for (const secret of secrets.filter(({ length }) => length > 20))
      expect(message).to.not.contain(secret.slice(-16));
    expect(message.length).to.be.at.most(512);
  }

  for (const [title, { way, host, says, reason, message, retryAfter }] of Object.entries(AZURE_REFUSALS)) {
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

  it('a client secret that is wrong is refused by Entra', async () => {
    const context = withSecret('not~the-real.secret-of-an-application');
    const fetched = await fetchAs('secret', context);
    expect(fetched).to.deep.include({ ok: false, reason: 'TokenRefused' });
    expect(!fetched.ok && fetched.message).to.match(/secret is wrong: .*its value, not its ID/);
    expectNothingShown(fetched.ok ? '' : fetched.message, context);
  });

  it('a wrong tenant and a wrong application are told apart', async () => {
    const tenant = await fetchAs('secret', await contextOf('secret'), { tenantId: randomUUID() });
    expect(!tenant.ok && tenant.message).to.match(/no such tenant in this cloud: correct acr\.tenantId/);
    const client = await fetchAs('secret', await contextOf('secret'), { clientId: randomUUID() });
    expect(!client.ok && client.message).to.match(/no such application in the tenant/);
  });

  it('an application that may not pull is refused by the registry', async () => {
    azure.pullers.clear();
    const fetched = await fetchAs('secret', await contextOf('secret'));
    expect(!fetched.ok && fetched.message).to.match(
      /^could not get a token from registry\.azurecr\.io: .*AcrPull/,
    );
  });

  it('a workload identity token that has ended is not even shown', async () => {
    const context = await contextOf('workload', issuer.token({ aud: AUDIENCE }, Date.now() - 7_200_000));
    const fetched = await fetchAs('workload', context);
    expect(!fetched.ok && fetched.message).to.match(/has ended: the kubelet renews it/);
    expect(rig.asked).to.deep.equal([]);
  });

  it("one that has ended by Entra's clock is refused by Entra", async () => {
    azure.ahead = 7_200_000;
    const fetched = await fetchAs('workload', await contextOf('workload'));
    expect(!fetched.ok && fetched.message).to.match(/compare the clocks .*\(AADSTS700024\)$/);
  });

  it('a token for another audience is refused by Entra, and one for the API server shown to nobody', async () => {
    const other = await fetchAs('workload', await contextOf('workload', issuer.token({ aud: 'other' })));
    expect(!other.ok && other.message).to.match(/audience api:\/\/AzureADTokenExchange \(AADSTS700212\)/);
    rig.asked.length = 0;
    const context = await contextOf('workload', issuer.token({ aud: 'https://kubernetes.default.svc' }));
    expect(await fetchAs('workload', context)).to.deep.include({ ok: false, reason: 'NotAllowed' });
    expect(rig.asked).to.deep.equal([]);
  });

  it('a login that has ended already says that clocks differ', async () => {
    azure.lifetime = -60;
    const fetched = await fetchAs('secret', await contextOf('secret'));
    expect(fetched).to.deep.include({ ok: false, reason: 'TokenUnavailable' });
    expect(!fetched.ok && fetched.message).to.match(/has ended already: compare the clock/);
  });

  it('a workload identity without a tenant says where to write it', async () => {
    const context = await contextOf('workload');
    const fetched = await fetchAcr({ server: REGISTRY, acr: {} }, context, rig.ask);
    expect(!fetched.ok && fetched.message).to.match(/write acr\.tenantId and acr\.clientId, or annotate/);
  });

  it('a Secret that is not there, empty, or ends in a line break says so', async () => {
    const absent = await fetchAs('secret', tokenContext());
    expect(!absent.ok && absent.message).to.match(
      /not found: create it with kubectl .*--from-literal=clientSecret=…$/,
    );
    const empty = await fetchAs('secret', withSecret(''));
    expect(!empty.ok && empty.message).to.match(/empty value of clientSecret/);
    const broken = await fetchAs('secret', withSecret(`${CLIENT_SECRET}\n`));
    expect(broken).to.deep.include({ ok: false, reason: 'SecretMalformed' });
    expect(rig.asked).to.deep.equal([]);
  });

  it('a registry whose name is not known is told from a network that is down', async () => {
    const failing = (code: string) => () => Promise.reject(Object.assign(new Error(CLIENT_SECRET), { code }));
    const context = await contextOf('secret');
    const spec = { server: REGISTRY, acr: { ...identity, secretRef: { name: 'azure' } } };
    const unknown = await fetchAcr(spec, context, (question, signal) =>
      question.url.host === REGISTRY ? failing('ENOTFOUND')() : rig.ask(question, signal),
    );
    expect(!unknown.ok && unknown.message).to.equal(
      'could not get a token from registry.azurecr.io: there is no such host (ENOTFOUND): it is tried again',
    );
    const down = await fetchAcr(spec, context, failing('ENETUNREACH'));
    expect(!down.ok && down.message).to.match(/^could not get a token from login\.microsoftonline\.com: /);
  });

  it('a node without an identity endpoint says which ways there are', async () => {
    const spec = { server: REGISTRY, acr: { clientId: randomUUID() } };
    const fetched = await fetchAcr(spec, tokenContext({ nodeIdentity: ['acr'] }), () =>
      Promise.reject(new Error()),
    );
    expect(!fetched.ok && fetched.message).to.match(/set up workload identity, or name a client secret/);
  });

  it('a fetch that is cut does not cut the next one', async () => {
    const ending = new AbortController();
    rig.instead.set('169.254.169.254', () => {
      ending.abort(new Error('nobody waits'));
      return undefined;
    });
    const cut = await fetchAs(
      'managed',
      tokenContext({ signal: ending.signal, nodeIdentity: ['acr'] }),
    ).catch(String);
    expect(cut).to.equal('Error: nobody waits');
    rig.instead.clear();
    const clientId = randomUUID();
    azure.pullers.add(clientId);
    expect(await fetchAs('managed', tokenContext({ nodeIdentity: ['acr'] }), { clientId })).to.deep.include({
      ok: true,
    });
  });
});
