// docs/install.md as somebody follows it who has Helm: its runnable commands install an operator that works, and take it
// away again with all that it gave, with Helm in the cluster and with Helm as a printer only.

import { dirname } from 'node:path';
import { expect } from 'chai';
import { PlayedKubelet } from '../chart/played-kubelet.ts';
import { offersMutatingPolicies } from '../cluster/admission-component.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { findHelm, HELM_VERSIONS } from '../cluster/helm-program.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { startCluster } from '../cluster/start-cluster.ts';
import { until } from '../cluster/until.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import { PlayedDeployment } from './played-deployment.ts';
import { run, runnableBlocks } from './runnable.ts';

const DOCUMENT = 'docs/install.md';
const SAMPLE = 'manifests/samples/registrycredential.yaml';
/** Minutes on a machine on which Helm has to be built first. */
const LONGEST_START = 20 * 60_000;

describe(`the commands of ${DOCUMENT}`, function () {
  this.timeout(180_000);
  let cluster: Cluster;
  let path: string[];
  let deployment: PlayedDeployment;
  let kubelet: PlayedKubelet;

  before(async function () {
    this.timeout(LONGEST_START);
    skipUnlessBare(this);
    const found = await findHelm(line => console.error(line), HELM_VERSIONS.at(-1));
    if ('why' in found) {
      Object.assign(this.test?.parent ?? {}, { skipReason: found.why });
      return this.skip();
    }
    path = [dirname(found.path)];
    cluster = await startCluster({ prefer: 'bare' });
    deployment = new PlayedDeployment(cluster);
    kubelet = new PlayedKubelet(cluster);
    await on('create', 'namespace', 'apps');
    await on('-n', 'apps', 'wait', '--for=create', 'serviceaccount/default', '--timeout=30s');
    await on('label', 'namespace', 'apps', 'regcred.dev/sync=true');
  });
  after(async () => {
    await kubelet?.stop();
    await deployment?.stop();
    await cluster?.stop();
  });

  const on = (...args: readonly string[]) => kubectl(cluster, args);
  const entries = () =>
    on('-n', 'apps', 'get', 'serviceaccount', 'default', '-o', 'jsonpath={.imagePullSecrets[*].name}');

  const blocks = async () => {
    const [install, apply, remove, uninstall, ...more] = await runnableBlocks(DOCUMENT);
    if (
      install === undefined ||
      apply === undefined ||
      remove === undefined ||
      uninstall === undefined ||
      more.length > 0
    )
      throw new Error(`${DOCUMENT} has other blocks`);
    return { install, apply, remove, uninstall };
  };

  async function isServed(): Promise<void> {
    const login = ['--docker-server=r.example', '--docker-username=u', '--docker-password=not-a-real-one'];
    await on('-n', OPERATOR_NAMESPACE, 'create', 'secret', 'docker-registry', 'private-registry', ...login);
    await on('apply', '-f', SAMPLE);
    await until('apps is served', async () => (await entries()) === 'regcred', 60);
  }

  async function isGone(): Promise<void> {
    expect(await entries()).to.equal('');
    expect(await on('-n', 'apps', 'get', 'secret', 'regcred', '--ignore-not-found')).to.equal('');
    const always = 'crd,clusterroles,clusterrolebindings,validatingadmissionpolicies';
    const kinds = `${always}${(await offersMutatingPolicies(cluster)) ? ',mutatingadmissionpolicies' : ''}`;
    expect(await on('get', kinds, '-o', 'name')).not.to.contain('regcred');
    expect(await on('get', 'namespaces', '-o', 'name')).to.contain(OPERATOR_NAMESPACE);
  }

  it('install an operator, and uninstall it with all that it gave', async () => {
    const { install, uninstall } = await blocks();
    await run(install, cluster, { path });
    await isServed();
    await run(uninstall, cluster, { path });
    await isGone();
  });

  it('install it by helm template and kubectl, which take nothing away when they come again, and remove it so', async () => {
    const { apply, remove } = await blocks();
    await on('delete', 'namespace', OPERATOR_NAMESPACE);
    await run(apply, cluster, { path });
    await isServed();
    const again = apply.commands.replace(/^kubectl create .*$/m, '');
    const ran = kubelet.said.length;
    expect(await run({ ...apply, commands: again }, cluster, { path })).to.match(/unchanged|configured/);
    expect(await on('get', 'job,serviceaccount', '-A', '-o', 'name')).not.to.contain('regcred-undo');
    expect(await entries()).to.equal('regcred');
    expect(await run(remove, cluster, { path })).to.match(/everything is undone/);
    expect(kubelet.said.length).to.equal(ran);
    await isGone();
  });
});
