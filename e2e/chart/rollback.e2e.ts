// `helm rollback` renders nothing, so none of the chart's checks is asked: what docs/install.md says of it.

import { expect } from 'chai';
import type { Cluster } from '../cluster/cluster.ts';
import { HELM_VERSIONS } from '../cluster/helm-program.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { startCluster } from '../cluster/start-cluster.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import { CRD } from '../upgrade/stage.ts';
import { CHART, type Helm, helmFor, RELEASE } from './helm.ts';

const HERE = ['-n', OPERATOR_NAMESPACE];

for (const version of HELM_VERSIONS)
  describe(`a rollback to a revision without the CRD, by Helm ${version}`, () => {
    let cluster: Cluster;
    let helm: Helm;

    before(async function () {
      skipUnlessBare(this);
      cluster = await startCluster({ prefer: 'bare' });
      helm = await helmFor(this, version, cluster.kubeconfig);
    });
    after(async () => {
      await helm?.end();
      await cluster?.stop();
    });

    /** Resolves with whether the CRD is there after it. */
    async function isLeft(...values: readonly string[]): Promise<boolean> {
      const release = (verb: string, ...args: readonly string[]) =>
        helm.run(verb, RELEASE, CHART, ...HERE, ...args);
      await release('install', '--create-namespace', '--set', 'crds.enabled=false');
      await release('upgrade', ...values);
      await helm.run('rollback', RELEASE, '1', ...HERE);
      const deleted = ['-o', 'jsonpath={.metadata.name}{.metadata.deletionTimestamp}', '--ignore-not-found'];
      const left = (await kubectl(cluster, ['get', 'crd', CRD, ...deleted])) === CRD;
      await helm.run('uninstall', RELEASE, ...HERE, '--no-hooks');
      await kubectl(cluster, ['delete', 'crd', CRD, '--ignore-not-found']);
      return left;
    }

    it('leaves it where it was kept', async () => {
      expect(await isLeft('--set', 'crds.keep=true')).to.equal(true);
    });

    it('takes it away where it was not, and says nothing', async () => {
      expect(await isLeft('--set', 'crds.keep=false')).to.equal(false);
    });
  });
