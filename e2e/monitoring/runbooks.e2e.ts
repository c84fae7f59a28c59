// Each alert is brought about, and the commands of its runbook are run as they stand: its condition ends.

import { readdir } from 'node:fs/promises';
import { expect } from 'chai';
import { ALERTS } from '../../scripts/monitoring/alerts.ts';
import { REFRESH_ANNOTATION } from '../../src/api/names.ts';
import { credentialPath, secretPath } from '../../src/controller/paths.ts';
import { asksFor, RegistryRig, says } from '../../src/testing/registry-rig.ts';
import { patch, read, remove } from '../api/admin.ts';
import { eventually } from '../api/eventually.ts';
import { kubectl } from '../api/kubectl.ts';
import { operator, restartOperator, stopOperator } from '../api/operator.ts';
import { basic, conditionOf, setSpec, statusOf } from '../api/scenario.ts';
import { isFailing, isReady, isWell, setSource } from '../api/served.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { findPrometheus } from '../cluster/prometheus-program.ts';
import { Watchdog } from '../cluster/watchdog.ts';
import { pathOrSkip } from './path-or-skip.ts';
import { Prometheus } from './prometheus.ts';
import { mayNotList, without } from './rights-away.ts';
import { follow } from './runbook.ts';
import { SlowWebhook } from './slow-webhook.ts';
import { Stage } from './stage.ts';
import { StatusGuard } from './status-guard.ts';

/** Milliseconds; the Lease of one that cannot renew it lasts 15 s. */
const LONGEST = 40_000;
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const BINDINGS = `${RBAC}/namespaces/regcred-system/rolebindings`;
const CLUSTER_BINDINGS = `${RBAC}/clusterrolebindings`;
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
        const found = await prometheus.query(
          expr
            .replaceAll(/\[\d+m\]/g, '[5s]')
            .replaceAll('> 60', '> 3')
            .replaceAll('> 4', '> 0'),
        );
        expect(found.some(({ labels }) => labels.credential === credential)).to.equal(holds);
      },
      LONGEST,
    );

  it('source-failing mends the Secret that the status names', async () => {
    // What kubectl makes by itself is Opaque, and stays so.
    const source = await stage.story.source('opaque', 'Opaque', { username: 'robot', password: 'not-one' });
    const spec = { registries: [basic(source, 'opaque.example')] };
    const credential = await stage.story.credential('opaque', spec);
    await isWell(credential);
    await setSource(source, { password: null });
    await condition('RegcredSourceFailing', true, credential);
    // Told a moment after it is counted.
    await isFailing(credential, 'LastKnownGoodServed');
    const variables = { CREDENTIAL: credential, SOURCE: source, USERNAME: 'robot' };
    const said = await follow('source-failing', { variables, typed: 'another-not-a-real-one' });
    expect(said).to.contain(`\tbasic\tSecret regcred-system/${source}`).and.contain('LastKnownGoodServed');
    await condition('RegcredSourceFailing', false, credential);
  });

  it('source-failing makes the Secret anew that somebody deleted', async () => {
    await remove(secretPath(OPERATOR_NAMESPACE, stage.source));
    await condition('RegcredSourceFailing', true, stage.stored);
    await isFailing(stage.stored, 'LastKnownGoodServed');
    const variables = { CREDENTIAL: stage.stored, SOURCE: stage.source, USERNAME: 'robot' };
    await follow('source-failing', { variables, typed: 'another-not-a-real-one' });
    await condition('RegcredSourceFailing', false, stage.stored);
  });

  it('credential-expires-soon gives the client its new secret', async () => {
    const ask = (value: string) =>
      patch(credentialPath(stage.token), { metadata: { annotations: { [REFRESH_ANNOTATION]: value } } });
    // Its last quarter, in which it expires soon, is to be long enough for the runbook.
    stage.sts.lifetime = 40;
    await ask('a-short-one');
    await eventually('it has a short one', async () => {
      const { status } = await read(credentialPath(stage.token));
      expect(status.lastHandledRefresh).to.equal('a-short-one');
    });
    stage.clients.set('regcred', 'rotated-not-a-real-one');
    await ask('another-one');
    await isFailing(stage.token, 'LastKnownGoodServed');
    await condition('RegcredCredentialExpiresSoon', true, stage.token);
    await isFailing(stage.token, 'LoginExpiring');
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
    await eventually('status says so too', async () => {
      const { failures } = await statusOf(stage.stored);
      expect(failures.map(one => one.namespace)).to.contain(namespace);
    });
    const variables = { CREDENTIAL: stage.stored, NAMESPACE: namespace };
    expect(await follow('namespaces-failing', { variables })).to.contain(`${namespace}\tForeignSecret\t`);
    await condition('RegcredNamespacesFailing', false, stage.stored);
  });

  it('not-ready names a Secret that the operator serves', async () => {
    await setSpec(stage.stored, { secretName: 'unserved' });
    await condition('RegcredNotReady', true, stage.stored);
    await isReady(stage.stored, 'False SecretNameNotServed');
    const said = await follow('not-ready', {
      variables: { CREDENTIAL: stage.stored, SECRET_NAME: 'regcred' },
    });
    expect(said).to.contain('Stalled\tTrue\tSecretNameNotServed').and.contain('use one of regcred');
    await condition('RegcredNotReady', false, stage.stored);
  });

  it('login-rejected gives the operator the login that the registry takes', async () => {
    const good = Buffer.from('robot:the-one-that-opens').toString('base64');
    const registry = await RegistryRig.start({
      'GET /v2/': asksFor('Basic realm="tests"'),
      [`GET /v2/ Basic ${good}`]: says(200),
    });
    try {
      const login = { username: 'robot', password: 'opens-nothing-at-all' };
      const source = await stage.story.source('rejected', 'Opaque', login);
      const spec = { registries: [basic(source, registry.server)] };
      const credential = await stage.story.credential('rejected', spec);
      await condition('RegcredLoginRejected', true, credential);
      await eventually('status says so too', async () => {
        expect(await conditionOf(credential, 'Verified')).to.equal('False LoginRejected');
      });
      const variables = { CREDENTIAL: credential, SOURCE: source, USERNAME: 'robot' };
      const said = await follow('login-rejected', { variables, typed: 'the-one-that-opens' });
      expect(said).to.contain(`${registry.server}\tFalse\tLoginRejected`);
      await condition('RegcredLoginRejected', false, credential);
    } finally {
      await registry.stop();
    }
  });

  for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const) {
    it(`sync-lag has a webhook of a ${kind} that does not answer waited for no longer, and no other`, async () => {
      const slow = await SlowWebhook.start(kind, stage.story.id, 10);
      try {
        await stage.story.namespace(kind === 'MutatingWebhookConfiguration' ? 'late' : 'later');
        await condition('RegcredSyncLag', true);
        const variables = { KIND: kind, CONFIGURATION: slow.name, WEBHOOK: slow.webhook };
        expect(await follow('sync-lag', { variables }))
          .to.contain(slow.name)
          .and.contain(slow.webhook);
        expect(await slow.timeouts()).to.deep.equal([10, 1]);
        await condition('RegcredSyncLag', false);
      } finally {
        await slow.stop();
      }
    });
  }

  it('status-not-written has the policy of somebody else tell rather than refuse', async () => {
    const guard = await StatusGuard.start(stage.story.id, stage.stored);
    try {
      const before = (await statusOf(stage.stored)).namespaces.selected;
      await stage.story.namespace('untold');
      await condition('RegcredStatusNotWritten', true);
      expect((await statusOf(stage.stored)).namespaces.selected).to.equal(before);
      const said = await follow('status-not-written', { variables: { BINDING: guard.name } });
      expect(said).to.match(/^yes$/m).and.contain(guard.name);
      await eventually(
        'status is of now',
        async () => expect((await statusOf(stage.stored)).namespaces.selected).to.equal(before + 1),
        LONGEST,
      );
      await condition('RegcredStatusNotWritten', false);
    } finally {
      await guard.stop();
    }
  });

  it('no-leader gives the right to the Lease back', async () => {
    await without(BINDINGS, 'regcred-leader-election', async () => {
      await condition('RegcredNoLeader', true);
      expect(await follow('no-leader', { variables: {} })).to.contain('readyz check passed');
      await condition('RegcredNoLeader', false);
    });
  });

  it('watch-failing gives the operator its rights back', async () => {
    await without(CLUSTER_BINDINGS, 'regcred', async () => {
      // A watch that is open goes on for minutes.
      const begun = await restartOperator(mayNotList, { waitReady: false });
      await prometheus.scrape(begun.metricsAddress);
      await condition('RegcredWatchFailing', true);
      expect(await follow('watch-failing', { variables: {} })).to.contain('readyz check passed');
      await condition('RegcredWatchFailing', false);
    });
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
