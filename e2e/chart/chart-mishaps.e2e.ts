// Releases that go wrong, over logins that are in use: an installation that fails and is taken back, and a removal that
// leaves the CRD hanging. No Deployment ever gets ready here, for this control plane has no node; the operator runs all the
// same, as where one of its pods does.

import { expect } from 'chai';
import { HELM_VERSIONS } from '../cluster/helm-program.ts';
import { OPERATOR_NAMESPACE, untilBound } from '../cluster/installation.ts';
import { until } from '../cluster/until.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import { CRD, Stage } from '../upgrade/stage.ts';
import { CHART, type Helm, helmFor, RELEASE } from './helm.ts';
import { PlayedKubelet } from './played-kubelet.ts';

const HERE = ['-n', OPERATOR_NAMESPACE];
/** How each Helm calls it. */
const TAKEN_BACK = { 3: '--atomic', 4: '--rollback-on-failure' } as const;

for (const version of HELM_VERSIONS)
  describe(`a release that goes wrong, by Helm ${version}`, () => {
    let stage: Stage;
    let helm: Helm;
    let kubelet: PlayedKubelet;

    before(function () {
      skipUnlessBare(this);
    });
    beforeEach(async function () {
      this.timeout(120_000);
      stage = await Stage.open();
      helm = await helmFor(this, version, stage.cluster.kubeconfig);
      kubelet = new PlayedKubelet(stage.cluster);
    });
    afterEach(async function () {
      this.timeout(60_000);
      await kubelet?.stop();
      await helm?.end();
      await stage?.close();
    });

    const INSTALL = ['install', RELEASE, CHART, ...HERE];
    const install = (...args: readonly string[]) => helm.run(...INSTALL, ...args);
    const operate = async () => {
      await untilBound(stage.cluster);
      await stage.operate();
    };
    const credentials = () => stage.run('get', 'registrycredentials', '-o', 'name');

    /** What is handed out is there, and the release that did it is not. */
    async function isHandedOut(...args: readonly string[]): Promise<void> {
      await install('--create-namespace', ...args);
      await operate();
      await stage.makeSource();
      await stage.handOut('one');
      await stage.isServed('regcred');
      await stage.halt();
      await helm.run('uninstall', RELEASE, ...HERE, '--no-hooks');
    }

    /**
     * With an operator at work before somebody interrupts Helm. It would give up by its time-out too, but then has no longer
     * than that to take back what it did, and the test waits as long for nothing.
     */
    async function failToInstall(...args: readonly string[]): Promise<void> {
      const interrupt = new AbortController();
      const failure = helm.runUntil(interrupt.signal, ...INSTALL, TAKEN_BACK[version], ...args).then(
        () => 'it was installed',
        (error: Error) => error.message,
      );
      await operate();
      interrupt.abort();
      expect(await failure).to.match(/has been uninstalled/);
      await stage.halt();
      expect(await helm.run('list', ...HERE, '--short')).to.equal('');
    }

    it('leaves the logins of before, when it is taken back with uninstall.undo=false', async () => {
      await isHandedOut();
      await failToInstall('--set', 'uninstall.undo=false');
      expect(await credentials()).to.equal('registrycredential.regcred.dev/one\n');
      await stage.isServed('regcred');
      expect(kubelet.said).to.deep.equal([]);
    }).timeout(120_000);

    it('undoes those of before too, when it is taken back as it is by default', async () => {
      await isHandedOut();
      await failToInstall();
      expect(kubelet.said.at(-1)).to.match(/everything is undone/);
      expect(await credentials()).to.equal('');
      await stage.isServed();
    }).timeout(120_000);

    it('stays while it takes a Secret name away that is in use, though no status says so yet', async () => {
      await install('--create-namespace', '--set', 'secretNames={regcred,old}');
      await untilBound(stage.cluster);
      await stage.operate({ args: ['--secret-names=regcred,old'] });
      await stage.makeSource();
      await stage.handOut('one', { secretName: 'old' });
      await stage.isServed('old');
      // No pod is replaced here, so the operator of before goes on.
      await helm.run('upgrade', RELEASE, CHART, ...HERE, '--set', 'secretNames={regcred}');
      const refusal = await helm.run('uninstall', RELEASE, ...HERE).catch((error: Error) => error.message);
      expect(refusal).to.match(/regcred-undo|pre-delete/);
      expect(kubelet.said.at(-1)).to.match(/Nothing was deleted.*These are: one\./);
      const marked = ['-o', 'jsonpath={.items[*].metadata.deletionTimestamp}'];
      expect(await stage.run('get', 'registrycredentials', ...marked)).to.equal('');
      await stage.isServed('old');
    }).timeout(120_000);

    it('is installed again to undo what hangs, where the CRD was not kept and no hook ran', async () => {
      await isHandedOut('--set', 'crds.keep=false');
      const marked = ['get', 'registrycredentials', '-o', 'jsonpath={.items[*].metadata.deletionTimestamp}'];
      // The API server deletes what is of a CRD after it has answered that the CRD is to go.
      await until('it is being deleted', async () => (await stage.run(...marked)) !== '', 30);
      await stage.isServed('regcred');

      await install();
      await operate();
      await stage.run('wait', '--for=delete', `crd/${CRD}`, '--timeout=60s');
      await stage.isServed();
      await stage.halt();
      await helm.run('upgrade', RELEASE, CHART, ...HERE);
      await operate();
      await stage.handOut('another');
      await stage.isServed('regcred');

      await helm.run('uninstall', RELEASE, ...HERE);
      await stage.halt();
      await stage.run('delete', 'crd', CRD);
      await stage.run('delete', 'namespace', OPERATOR_NAMESPACE);
      await stage.nothingIsLeft();
    }).timeout(120_000);
  });
