// Each alert is brought about, and the commands of its runbook are run as they stand: its condition ends.

import { readdir } from 'node:fs/promises';
import { expect } from 'chai';
import { ALERTS } from '../../scripts/monitoring/alerts.ts';
import { REFRESH_ANNOTATION } from '../../src/api/names.ts';
import { credentialPath } from '../../src/controller/paths.ts';
import { create, patch, read, remove } from '../api/admin.ts';
import { eventually } from '../api/eventually.ts';
import { kubectl } from '../api/kubectl.ts';
import { operator, stopOperator } from '../api/operator.ts';
import { isFailing, setSource } from '../api/served.ts';
import { findPrometheus } from '../cluster/prometheus-program.ts';
import { Watchdog } from '../cluster/watchdog.ts';
import { pathOrSkip } from './path-or-skip.ts';
import { Prometheus } from './prometheus.ts';
import { follow } from './runbook.ts';
import { SlowWebhook } from './slow-webhook.ts';
import { Stage } from './stage.ts';

/** Milliseconds; the Lease of one that cannot renew it lasts 15 s. */
const LONGEST = 40_000;
const BINDINGS = '/apis/rbac.authorization.k8s.io/v1/namespaces/regcred-system/rolebindings';
const DEPLOYMENT = '/apis/apps/v1/namespaces/regcred-system/deployments/regcred';

describe('the runbook', function () {
  this.timeout(120_000);
  let watchdog: Watchdog;
  let prometheus: Prometheus;
  let stage: Stage;

  before(async function () {
    const program = await pathOrSkip(this, findPrometheus);
    watchdog = await Watchdog.start();
    stage = await Stage.start();
    prometheus = await Prometheus.start(program, watchdog);
    await prometheus.scrape(stage.operator.metricsAddress);
    await stage.fill();
  });
  after(async () => {
    await watchdog?.stop();
    await kubectl(['-n', 'regcred-system', 'delete', 'deployment', 'regcred', '--ignore-not-found']);
    await stage?.stop();
  });

  /** The condition holds, or ends; without the time for which it has to hold, and with shorter ones inside. */
  const condition = (alert: string, holds: boolean, credential?: string): Promise<void> =>
    eventually(
      `the condition of ${alert} ${holds ? 'holds' : 'ends'}`,
      async () => {
        const expr = ALERTS.find(({ name }) => name === alert)?.expr ?? '';
        const found = await prometheus.query(expr.replaceAll('[10m]', '[5s]').replaceAll('> 60', '> 3'));
        expect(found.some(({ labels }) => labels.credential === credential)).to.equal(holds);
      },
      LONGEST,
    );

  it('source-failing mends the Secret that the status names', async () => {
    await setSource(stage.source, { password: null });
    await condition('RegcredSourceFailing', true, stage.stored);
    // Told a moment after it is counted.
    await isFailing(stage.stored, 'LastKnownGoodServed');
    const variables = { CREDENTIAL: stage.stored, SOURCE: stage.source, USERNAME: 'robot' };
    const said = await follow('source-failing', { variables, typed: 'another-not-a-real-one' });
    expect(said)
      .to.contain(`\tbasic\tSecret regcred-system/${stage.source}`)
      .and.contain('LastKnownGoodServed');
    await condition('RegcredSourceFailing', false, stage.stored);
  });

  it('credential-expires-soon gives the client its new secret', async () => {
    const ask = (value: string) =>
      patch(credentialPath(stage.token), { metadata: { annotations: { [REFRESH_ANNOTATION]: value } } });
    stage.sts.lifetime = 20;
    await ask('a-short-one');
    await eventually('it has a short one', async () => {
      const { status } = await read(credentialPath(stage.token));
      expect(status.lastHandledRefresh).to.equal('a-short-one');
    });
    stage.clients.set('regcred', 'rotated-not-a-real-one');
    await ask('another-one');
    await isFailing(stage.token, 'LastKnownGoodServed');
    await condition('RegcredCredentialExpiresSoon', true, stage.token);
    stage.sts.lifetime = 3600;
    const variables = { CREDENTIAL: stage.token, SOURCE: stage.client };
    const said = await follow('credential-expires-soon', { variables, typed: 'rotated-not-a-real-one' });
    expect(said)
      .to.match(/^tokens\.example\t\S+Z\t.+/)
      .and.contain('LoginExpiring');
    await condition('RegcredCredentialExpiresSoon', false, stage.token);
  });

  it('namespaces-failing hands a foreign Secret over, and has one of the wrong type made anew', async () => {
    const namespace = await stage.refusing();
    await condition('RegcredNamespacesFailing', true, stage.stored);
    const variables = { CREDENTIAL: stage.stored, NAMESPACE: namespace };
    expect(await follow('namespaces-failing', { variables })).to.contain(`${namespace}\tForeignSecret\t`);
    await condition('RegcredNamespacesFailing', false, stage.stored);
  });

  it('sync-lag has a webhook that does not answer waited for no longer', async () => {
    const webhook = await SlowWebhook.start(stage.story.id, 10);
    try {
      await stage.story.namespace('late');
      await condition('RegcredSyncLag', true);
      expect(await follow('sync-lag', { variables: { WEBHOOK: webhook.name } })).to.contain(webhook.name);
      await condition('RegcredSyncLag', false);
    } finally {
      await webhook.stop();
    }
  });

  it('no-leader gives the right to the Lease back', async () => {
    const binding = `${BINDINGS}/regcred-leader-election`;
    const { metadata, ...rest } = await read(binding);
    await remove(binding);
    try {
      await condition('RegcredNoLeader', true);
      expect(await follow('no-leader', { variables: {} })).to.contain('readyz check passed');
      await condition('RegcredNoLeader', false);
    } catch (error) {
      await create(BINDINGS, { metadata: { name: metadata.name }, ...rest });
      throw error;
    }
  });

  it('absent scales a Deployment up that somebody scaled down', async () => {
    // That there is one; nothing runs its pods here.
    await kubectl(['apply', '-k', 'manifests']);
    await patch(DEPLOYMENT, { spec: { replicas: 0 } });
    await stopOperator();
    await condition('RegcredAbsent', true);
    expect(await follow('absent', { variables: {} })).to.match(/regcred +0\/0/);
    expect((await read(DEPLOYMENT)).spec.replicas).to.equal(2);
    // What the kubelet would do.
    await prometheus.scrape((await operator()).metricsAddress);
    await condition('RegcredAbsent', false);
  });

  it('of each alert is there, and of nothing else', async () => {
    const pages = await readdir(new URL('../../docs/runbooks/', import.meta.url));
    expect(pages.sort()).to.deep.equal(ALERTS.map(({ runbook }) => `${runbook}.md`).sort());
  });
});
