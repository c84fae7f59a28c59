// Where the hook is that undoes everything before an uninstallation. It is nothing but annotations that make a hook of it:
// whoever applies what `helm template` prints would have every login taken away there and then.

import { expect } from 'chai';
import type { Cluster } from '../cluster/cluster.ts';
import { HELM_VERSIONS } from '../cluster/helm-program.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { startCluster } from '../cluster/start-cluster.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import { CHART, type Helm, helmFor, isHook, RELEASE } from './helm.ts';

const HERE = ['-n', OPERATOR_NAMESPACE];
const INSTALLER = 'installer';
/** Of the kinds that are in the chart, and of no other. */
const RIGHTS = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: INSTALLER },
  rules: [
    { apiGroups: [''], resources: ['serviceaccounts', 'secrets'], verbs: ['*'] },
    ...[
      'admissionregistration.k8s.io',
      'apiextensions.k8s.io',
      'apps',
      'batch',
      'coordination.k8s.io',
      'policy',
      'rbac.authorization.k8s.io',
      'regcred.dev',
    ].map(group => ({ apiGroups: [group], resources: ['*'], verbs: ['*'] })),
  ],
};

for (const version of HELM_VERSIONS)
  describe(`the hook that undoes everything, to Helm ${version}`, () => {
    let helm: Helm;
    before(async function () {
      helm = await helmFor(this, version);
    });
    after(() => helm?.end());

    const kindsOf = async (undo?: unknown) => {
      const rendered = await helm.rendered(undo === undefined ? {} : { uninstall: { undo } });
      const named = rendered.filter(({ metadata }) => metadata.name === 'regcred-undo');
      expect(named.every(isHook)).to.equal(true);
      return named.map(({ kind }) => kind);
    };

    it('is not in what helm template prints, for that is applied by others', async () => {
      for (const undo of [undefined, 'auto']) expect(await kindsOf(undo)).to.deep.equal([]);
    });

    it('is there for whoever asks for it, and not for who does not, as a word too', async () => {
      for (const undo of [true, 'true']) expect(await kindsOf(undo)).to.include('Job');
      for (const undo of [false, 'false']) expect(await kindsOf(undo)).to.deep.equal([]);
    });
  });

describe('the hook that undoes everything, on a cluster', () => {
  let cluster: Cluster;
  before(async function () {
    skipUnlessBare(this);
    cluster = await startCluster({ prefer: 'bare' });
    await kubectl(cluster, ['create', 'namespace', OPERATOR_NAMESPACE]);
    await kubectl(cluster, ['create', '-f', '-'], { input: JSON.stringify(RIGHTS) });
    const bound = ['create', 'clusterrolebinding', INSTALLER, `--clusterrole=${INSTALLER}`];
    await kubectl(cluster, [...bound, `--user=${INSTALLER}`]);
  });
  after(() => cluster?.stop());

  for (const version of HELM_VERSIONS)
    it(`is in a release of Helm ${version}, also where the installer may read nothing but what is installed`, async function () {
      const helm = await helmFor(this, version, cluster.kubeconfig);
      const as = [...HERE, '--kube-as-user', INSTALLER];
      const notes = await helm.run('install', RELEASE, CHART, ...as);
      expect(notes).to.match(/deletes all RegistryCredentials, waits until/);
      expect(await helm.run('get', 'hooks', RELEASE, ...as)).to.match(
        /kind: Job\nmetadata:\n {2}name: regcred-undo/,
      );
      const namespaces = await kubectl(cluster, ['get', 'ns', `--as=${INSTALLER}`]).catch(String);
      expect(namespaces).to.match(/Forbidden/);
      await helm.run('uninstall', RELEASE, '--no-hooks', ...as);
      await helm.end();
    });
});
