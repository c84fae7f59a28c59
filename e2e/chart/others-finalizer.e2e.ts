// A release is uninstalled whose RegistryCredential somebody else keeps, by a finalizer of theirs. What the operator did
// is undone, and nobody waits: neither Helm nor the hook, for what no operator can do.

import { expect } from 'chai';
import { HELM_VERSIONS } from '../cluster/helm-program.ts';
import { OPERATOR_NAMESPACE, untilBound } from '../cluster/installation.ts';
import { until } from '../cluster/until.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import { CRD, credential, Stage } from '../upgrade/stage.ts';
import { CHART, type Helm, helmFor, RELEASE } from './helm.ts';
import { PlayedKubelet } from './played-kubelet.ts';

const HERE = ['-n', OPERATOR_NAMESPACE];
const THEIRS = 'backup.example/hold';
/** What the census calls what stays with it. */
const STAYS = [
  'APIService <none> v1alpha1.regcred.dev',
  `CustomResourceDefinition <none> ${CRD}`,
  'RegistryCredential <none> held',
];

for (const version of HELM_VERSIONS)
  describe(`a release whose RegistryCredential is kept by others, by Helm ${version}`, () => {
    let stage: Stage;
    let helm: Helm;
    let kubelet: PlayedKubelet;

    before(async function () {
      skipUnlessBare(this);
      this.timeout(120_000);
      stage = await Stage.open();
      helm = await helmFor(this, version, stage.cluster.kubeconfig);
      kubelet = new PlayedKubelet(stage.cluster);
    });
    after(async function () {
      this.timeout(60_000);
      await kubelet?.stop();
      await helm?.end();
      await stage?.close();
    });

    async function isInstalled(...args: readonly string[]): Promise<void> {
      await helm.run('install', RELEASE, CHART, ...HERE, '--create-namespace', ...args);
      await untilBound(stage.cluster);
      await stage.makeSource();
      await stage.operate();
      const { metadata, ...held } = credential('held');
      await stage.give('create', { ...held, metadata: { ...metadata, finalizers: [THEIRS] } });
      await stage.handOut('one');
      await stage.isServed('regcred');
    }

    /** All of the operator's, and none of theirs. */
    async function isUndone(): Promise<void> {
      expect(kubelet.said.at(-1)).to.match(
        /everything is undone: only finalizers of others \(backup\.example\/hold\) keep the RegistryCredentials held,/,
      );
      await stage.run('delete', 'namespace', OPERATOR_NAMESPACE);
      await stage.nothingIsLeft(...STAYS);
      expect(await of('{.metadata.finalizers}')).to.equal(`["${THEIRS}"]`);
    }
    const of = (path: string) => stage.run('get', 'registrycredential', 'held', '-o', `jsonpath=${path}`);

    /** By hand, as docs/status.md has it. */
    const letGo = () =>
      stage.run(
        'patch',
        'registrycredential',
        'held',
        '--type=merge',
        '-p',
        '{"metadata":{"finalizers":null}}',
      );

    it('goes with all that it did; what is kept says by whom, and goes with the CRD when they let go', async () => {
      await isInstalled();
      await helm.run('uninstall', RELEASE, ...HERE);
      await stage.halt();
      expect(await of('{.status.conditions[?(@.type=="Ready")].message}')).to.match(
        /is undone; only finalizers of others keep the object: backup\.example\/hold/,
      );
      await isUndone();
      await stage.run('delete', 'crd', CRD, '--wait=false');
      await letGo();
      await stage.run('wait', '--for=delete', `crd/${CRD}`, '--timeout=60s');
      await stage.nothingIsLeft();
    }).timeout(120_000);

    it('goes though its CRD waits for them, where that is not kept', async () => {
      await isInstalled('--set', 'crds.keep=false');
      await helm.run('uninstall', RELEASE, ...HERE);
      await stage.halt();
      // Helm 4 lists those in any state, unasked.
      const all = version === 3 ? ['--all'] : [];
      expect(await helm.run('list', ...HERE, '--short', ...all)).to.equal('');
      await isUndone();
      const terminating = ['get', 'crd', CRD, '-o', 'jsonpath={.metadata.deletionTimestamp}'];
      await until('the CRD is marked', async () => (await stage.run(...terminating)) !== '', 30);
      await letGo();
      await stage.run('wait', '--for=delete', `crd/${CRD}`, '--timeout=60s');
      await stage.nothingIsLeft();
    }).timeout(120_000);
  });
