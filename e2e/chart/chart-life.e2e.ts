// A release from its installation to its end, on a control plane of its own, with either Helm: what is installed works,
// what is changed by an upgrade reaches the operator, and when it goes, nothing tells that it was there.

import { expect } from 'chai';
import { offersMutatingPolicies } from '../cluster/admission-component.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { HELM_VERSIONS } from '../cluster/helm-program.ts';
import { install, OPERATOR_NAMESPACE, untilBound } from '../cluster/installation.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { type OperatorProcess, startOperator } from '../cluster/operator-process.ts';
import { startCluster } from '../cluster/start-cluster.ts';
import { until } from '../cluster/until.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import { census } from './census.ts';
import { CHART, type Helm, helmFor, RELEASE } from './helm.ts';
import { PlayedKubelet } from './played-kubelet.ts';

const CRD = 'registrycredentials.regcred.dev';
const HERE = ['-n', OPERATOR_NAMESPACE];
/** Seconds. */
const PATIENCE = 30;

for (const version of HELM_VERSIONS)
  describe(`a release of the chart, by Helm ${version}`, () => {
    let cluster: Cluster;
    let helm: Helm;
    let kubelet: PlayedKubelet;
    let operator: OperatorProcess | undefined;
    let earlier: string[];

    before(async function () {
      skipUnlessBare(this);
      cluster = await startCluster({ prefer: 'bare' });
      helm = await helmFor(this, version, cluster.kubeconfig);
      kubelet = new PlayedKubelet(cluster);
      const secret = ['create', 'secret', 'docker-registry', 'source', '--docker-server=r.example'];
      const login = ['--docker-username=u', '--docker-password=not-a-real-one'];
      await run('create', 'namespace', OPERATOR_NAMESPACE);
      await run(...HERE, ...secret, ...login);
      await run('create', 'namespace', 'apps');
      await run('label', 'namespace', 'apps', 'regcred.dev/sync=true');
      // Controllers make them, and what comes after the census would be taken for left over.
      for (const namespace of [OPERATOR_NAMESPACE, 'apps'])
        for (const made of ['serviceaccount/default', 'configmap/kube-root-ca.crt'])
          await run('-n', namespace, 'wait', '--for=create', made, '--timeout=30s');
      earlier = await census(cluster);
    });
    afterEach(async () => {
      await operator?.stop();
      operator = undefined;
    });
    after(async function () {
      this.timeout(60_000);
      await kubelet?.stop();
      await helm?.end();
      await cluster?.stop();
    });

    const run = (...args: readonly string[]) => kubectl(cluster, args);
    const release = (verb: string, ...args: readonly string[]) =>
      helm.run(verb, RELEASE, CHART, ...HERE, ...args);
    const uninstall = (...args: readonly string[]) => helm.run('uninstall', RELEASE, ...HERE, ...args);

    /** With the flags of the Deployment, as its ServiceAccount. */
    async function operate(): Promise<void> {
      await untilBound(cluster);
      const deployment = JSON.parse(await run(...HERE, 'get', 'deployment', 'regcred', '-o', 'json'));
      operator = await startOperator(cluster, { args: deployment.spec.template.spec.containers[0].args });
    }
    async function handOut(name: string, secretName = 'regcred'): Promise<void> {
      const credential = {
        apiVersion: 'regcred.dev/v1alpha1',
        kind: 'RegistryCredential',
        metadata: { name },
        spec: { secretName, registries: [{ dockerConfig: { secretRef: { name: 'source' } } }] },
      };
      await kubectl(cluster, ['create', '-f', '-'], { input: JSON.stringify(credential) });
    }
    const pullSecrets = async (): Promise<string> =>
      run('-n', 'apps', 'get', 'serviceaccount', 'default', '-o', 'jsonpath={.imagePullSecrets[*].name}');
    const isServed = (...names: readonly string[]) =>
      until(
        `apps has ${names}`,
        async () => {
          const secrets = await run(
            '-n',
            'apps',
            'get',
            'secrets',
            '-o',
            'jsonpath={.items[*].metadata.name}',
          );
          return (
            secrets === names.join(' ') &&
            (await pullSecrets()).split(' ').sort().join(' ') === names.join(' ')
          );
        },
        PATIENCE,
      );
    const credentials = () => run('get', 'registrycredentials', '-o', 'name');
    /** What is there now and was not before; `kept` is what may be. */
    async function nothingIsLeft(...kept: readonly string[]): Promise<void> {
      const isNew = async () => (await census(cluster)).filter(one => !earlier.includes(one));
      await until(
        'nothing is left',
        async () => String(await isNew().catch(() => '?')) === String(kept),
        PATIENCE,
      ).catch(async () => {
        expect(await isNew()).to.deep.equal(kept);
      });
      expect(await pullSecrets()).to.equal('');
    }

    it('is accepted by the API server, and a dry run leaves nothing', async () => {
      // Kubernetes 1.35 would refuse it.
      const admission = await offersMutatingPolicies(cluster);
      const values = `networkPolicy.enabled=true,dashboard.enabled=true,admissionPolicy=${admission}`;
      const everything = ['--set', `${values},uninstall.undo=true`];
      await release('install', '--dry-run=server', ...everything);
      const text = await helm.run(
        'template',
        RELEASE,
        CHART,
        ...HERE,
        '--kube-version=1.37.2',
        ...everything,
      );
      const applied = await kubectl(cluster, ['apply', '--server-side', '--dry-run=server', '-f', '-'], {
        input: text,
      });
      expect(applied)
        .to.match(/job.batch\/regcred-undo/)
        .and.match(/networkpolicy/);
      expect(applied.includes('mutatingadmission')).to.equal(admission);
      await nothingIsLeft();
    }).timeout(60_000);

    it('works, is upgraded with another Secret name, and goes with everything that it did', async () => {
      const notes = await release('install');
      expect(notes)
        .to.match(/kubectl -n regcred-system create secret docker-registry/)
        .and.not.match(/apply -k crds/);
      await operate();
      await handOut('one');
      await isServed('regcred');

      await release('upgrade', '--set', 'secretNames={regcred,other}', '--set', 'crds.keep=false');
      await operator?.stop();
      await operate();
      await handOut('two', 'other');
      await isServed('other', 'regcred');

      await uninstall();
      expect(kubelet.said.at(-1))
        .to.match(/being undone: one, two/)
        .and.match(/everything is undone/);
      await operator?.stop();
      await nothingIsLeft();
    }).timeout(120_000);

    it('stays, with every login, while no operator is there to undo it, and says so', async () => {
      await release('install');
      await operate();
      await handOut('one');
      await isServed('regcred');
      await operator?.stop();

      const refusal = await uninstall().then(
        () => 'it was uninstalled',
        (error: Error) => error.message,
      );
      expect(refusal).to.match(/regcred-undo|pre-delete/);
      expect(kubelet.said.at(-1))
        .to.match(/no operator is at work/)
        .and.match(/Nothing was deleted/);
      expect(
        await run('get', 'registrycredentials', '-o', 'jsonpath={.items[*].metadata.deletionTimestamp}'),
      ).to.equal('');
      await isServed('regcred');
      expect(await run(...HERE, 'get', 'deployment,job', '-o', 'name')).to.equal(
        'deployment.apps/regcred\njob.batch/regcred-undo\n',
      );
      // The rights of the hook are gone, though it failed.
      expect(await run('get', 'clusterroles', 'regcred-undo', '--ignore-not-found')).to.equal('');

      // What began to go can be taken back.
      await helm.run('rollback', RELEASE, '1', ...HERE);
      await release('upgrade');
      await operate();
      await uninstall();
      await operator?.stop();
      // By default the CRD stays, for whatever tool uninstalls it must not hang on it.
      await nothingIsLeft('APIService <none> v1alpha1.regcred.dev', `CustomResourceDefinition <none> ${CRD}`);
      await run('delete', 'crd', CRD);
      await nothingIsLeft();
    }).timeout(120_000);

    it('leaves everything as it is without hooks, and a later installation takes it up', async () => {
      await release('install');
      await operate();
      await handOut('one');
      await isServed('regcred');
      await uninstall('--no-hooks');
      await operator?.stop();
      await isServed('regcred');
      expect(await credentials()).to.equal('registrycredential.regcred.dev/one\n');

      await release('install');
      await operate();
      await uninstall();
      await operator?.stop();
      await run('delete', 'crd', CRD);
      await nothingIsLeft();
    }).timeout(120_000);

    it('takes over what kubectl apply -k has installed, and not unasked', async () => {
      await install(cluster);
      operator = await startOperator(cluster);
      await handOut('one');
      await isServed('regcred');
      const refusal = await release('install').then(
        () => 'it was installed',
        (error: Error) => error.message,
      );
      expect(refusal).to.match(/cannot be imported into the current release/);
      // Helm 4 applies on the server, where kubectl is known to have written the same.
      const force = version === 4 ? ['--force-conflicts'] : [];
      await release('install', '--take-ownership', ...force, '--set', 'crds.keep=false');
      await isServed('regcred');
      await uninstall();
      await operator?.stop();
      await nothingIsLeft();
    }).timeout(120_000);

    it('is not upgraded to one without the CRD, unless that is kept', async () => {
      await release('install', '--set', 'crds.keep=false');
      const refusal = await release('upgrade', '--set', 'crds.enabled=false').then(
        () => 'it was upgraded',
        (error: Error) => error.message,
      );
      expect(refusal).to.match(/every RegistryCredential and every login/);
      await release('upgrade', '--set', 'crds.keep=true');
      const notes = await release('upgrade', '--set', 'crds.enabled=false');
      expect(notes).to.match(/kubectl apply -k crds/);
      expect(await run('get', 'crd', CRD, '-o', 'name')).to.contain(CRD);
      await uninstall();
      await run('delete', 'crd', CRD);
      await nothingIsLeft();
    }).timeout(60_000);
  });
