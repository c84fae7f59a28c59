// A token that is refreshed goes into a thousand namespaces: each Secret keeps its uid and is written once, and no
// ServiceAccount is touched. When whoever gives it out is away, the last one stays and goes on being given.

import { expect } from 'chai';
import {
  CREDENTIALS_PATH,
  credentialPath,
  NAMESPACES_PATH,
  SECRETS_PATH,
  secretsPathIn,
} from '../../src/controller/paths.ts';
import type { KubeObject } from '../../src/kube/kube-client.ts';
import { AuthorizationServer } from '../../src/testing/authorization/authorization-server.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import type { OperatorProcess } from '../cluster/operator-process.ts';
import { until } from '../cluster/until.ts';
import { createFleet, FLEET_LABEL } from '../overload/fleet.ts';
import { metricsOf } from '../overload/metrics.ts';
import { type AnyCredential, OwnCluster } from '../overload/own-cluster.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import type { AuditedRequest } from './audit.ts';
import { decode } from './scenario.ts';

const NAMESPACES = 1_000;
const NAME = 'tokens';
const SERVER = 'r.example.com';
/** Seconds; on a machine that is busy otherwise. */
const LONGEST_ROLL_OUT = 300;
/** Seconds: half of it is waited for. */
const SHORT_LIFE = 120;

describe('a token for a thousand namespaces', () => {
  let own: OwnCluster;
  let sts: AuthorizationServer;
  let operator: OperatorProcess;

  before(async function () {
    this.timeout(600_000);
    skipUnlessBare(this);
    own = await OwnCluster.start();
    await createFleet(own.admin, NAMESPACES);
    sts = await AuthorizationServer.start();
    operator = await own.startOperator({ args: ['--oauth-token-endpoints', sts.tokenEndpoint] });
    await makeCredential();
    await untilGiven(NAMESPACES);
  });
  after(async function () {
    this.timeout(60_000);
    await sts?.stop();
    await own?.stop();
  });

  async function makeCredential(): Promise<void> {
    const { admin } = own;
    const stringData = { client_id: 'regcred', client_secret: 'not-a-real-secret' };
    const source = { metadata: { name: 'client' }, type: 'Opaque', stringData };
    await admin.request({ method: 'POST', path: secretsPathIn(OPERATOR_NAMESPACE), body: source });
    const clientCredentials = { secretRef: { name: 'client' } };
    const oauth = { tokenEndpoint: sts.tokenEndpoint, username: 'robot', clientCredentials };
    const spec = {
      registries: [{ server: SERVER, oauth }],
      namespaceSelector: { matchLabels: { [FLEET_LABEL]: 'true' } },
    };
    const kind = { apiVersion: 'regcred.dev/v1alpha1', kind: 'RegistryCredential' };
    await admin.request({
      method: 'POST',
      path: CREDENTIALS_PATH,
      body: { ...kind, metadata: { name: NAME }, spec },
    });
  }

  async function secrets(): Promise<KubeObject[]> {
    const query = { fieldSelector: 'metadata.name=regcred' };
    const { body } = await own.admin.request<{ items: KubeObject[] }>({
      method: 'GET',
      path: SECRETS_PATH,
      query,
    });
    return body.items;
  }

  const uids = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await secrets()).map(({ metadata }) => [metadata.namespace, metadata.uid]));

  const credential = async (): Promise<AnyCredential> => (await own.credentials())[0] ?? {};
  const condition = async (type: string): Promise<AnyCredential | undefined> =>
    (await credential()).status?.conditions.find((one: AnyCredential) => one.type === type);

  /** Every namespace has the last token, and status says that all are served. */
  async function untilGiven(namespaces: number): Promise<void> {
    const areServed = async (): Promise<boolean> => {
      const { namespaces: counts, conditions = [] } = (await credential()).status ?? {};
      const isSynced = conditions.some(({ reason }: AnyCredential) => reason === 'Synced');
      if (counts?.summary !== `${namespaces}/${namespaces}` || !isSynced) return false;
      const held = (await secrets()).map(secret => decode(secret as never)[SERVER]?.[1]);
      return held.length === namespaces && held.every(token => token === sts.given.at(-1));
    };
    await until(`${namespaces} namespaces have the last token`, areServed, LONGEST_ROLL_OUT);
  }

  /** By the annotation, and until it was answered. */
  async function askFor(request: string): Promise<void> {
    await own.admin.request({
      method: 'PATCH',
      path: credentialPath(NAME),
      contentType: 'application/merge-patch+json',
      body: { metadata: { annotations: { 'regcred.dev/refresh': request } } },
    });
    const isHandled = async (): Promise<boolean> =>
      (await credential()).status?.lastHandledRefresh === request;
    await until(`the request ${request} is handled`, isHandled, LONGEST_ROLL_OUT);
  }

  function expectOneWriteEach(writes: readonly AuditedRequest[]): void {
    // Besides, the token is kept for a restart, once.
    const ofSecrets = writes.filter(({ what }) => /^\w+ secrets .*\/regcred$/.test(what));
    expect(ofSecrets).to.have.lengthOf(NAMESPACES);
    expect(new Set(ofSecrets.map(({ what }) => what)).size).to.equal(NAMESPACES);
    expect(writes.filter(({ resource }) => resource.startsWith('serviceaccounts'))).to.deep.equal([]);
  }

  it('that is asked for goes out with one fetch and one write each, in the Secrets that are there', async function () {
    this.timeout(600_000);
    const before = await uids();
    expect(Object.keys(before)).to.have.lengthOf(NAMESPACES);
    const asked = sts.asked.length;
    const mark = await own.mark();
    // Of a short life, for the next test.
    sts.lifetime = SHORT_LIFE;
    const began = performance.now();
    await askFor('now');
    await untilGiven(NAMESPACES);
    console.log(`      ${Math.round(performance.now() - began)} ms for ${NAMESPACES} namespaces`);
    sts.lifetime = 3_600;
    expect(sts.asked.length).to.equal(asked + 1);
    expect(await uids()).to.deep.equal(before);
    expectOneWriteEach(await own.writesSince(mark));
  });

  it('that is at half of its short life is renewed in the same way, and nobody asked', async function () {
    this.timeout(600_000);
    const before = await uids();
    const given = sts.given.length;
    const mark = await own.mark();
    const isRenewed = async (): Promise<boolean> => sts.given.length > given;
    await until('the token is renewed', isRenewed, SHORT_LIFE);
    await untilGiven(NAMESPACES);
    expect(sts.given.length).to.equal(given + 1);
    expect(await uids()).to.deep.equal(before);
    expectOneWriteEach(await own.writesSince(mark));
    const { expiresAt, lastRefreshTime, nextRefreshTime } = (await credential()).status;
    const life = Date.parse(expiresAt) - Date.parse(lastRefreshTime);
    expect(life).to.be.within(3_590_000, 3_600_000);
    expect(Date.parse(nextRefreshTime) - Date.parse(lastRefreshTime)).to.be.within(life / 2, life * 0.75);
  });

  it('that cannot be had stays what it was, also for a new namespace, and status and metrics say so', async function () {
    this.timeout(600_000);
    const mark = await own.mark();
    sts.instead = response => void response.writeHead(503).end();
    await askFor('once more');
    expect(await condition('SourceFailing')).to.include({ status: 'True', reason: 'LastKnownGoodServed' });
    expect(await condition('Ready')).to.include({ status: 'True', reason: 'Synced' });
    const writes = await own.writesSince(mark);
    expect(writes.filter(({ resource }) => resource === 'secrets')).to.deep.equal([]);
    const metadata = { name: 'fleet-late', labels: { [FLEET_LABEL]: 'true' } };
    await own.admin.request({ method: 'POST', path: NAMESPACES_PATH, body: { metadata } });
    await untilGiven(NAMESPACES + 1);
    const metrics = await metricsOf(operator);
    const { expiresAt } = (await credential()).status;
    const expiry = `regcred_credential_expiry_timestamp_seconds{credential="${NAME}",state="kept"}`;
    expect(metrics.get(expiry)).to.equal(Date.parse(expiresAt) / 1000);
    expect(metrics.get('regcred_source_fetch_total{source="oauth",result="TokenUnavailable"}')).to.be.above(
      0,
    );
    expect(await operator.logs()).to.not.contain(sts.given.at(-1));
  });
});
