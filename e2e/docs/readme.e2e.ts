// The README as somebody follows it, from top to bottom on a cluster that has the operator: its runnable commands work,
// and do what it says.

import { expect } from 'chai';
import { offersMutatingPolicies } from '../cluster/admission-component.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { install } from '../cluster/installation.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { startCluster } from '../cluster/start-cluster.ts';
import { until } from '../cluster/until.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import { PlayedDeployment } from './played-deployment.ts';
import { type Block, run, runnableBlocks } from './runnable.ts';

const DOCUMENT = 'README.md';
const PULL_SECRETS = 'jsonpath={.imagePullSecrets[*].name}';
const blocks = await runnableBlocks(DOCUMENT);

/** What is so when a block has run, by a command in it; each has to be there. */
const AFTERWARDS: Readonly<Record<string, (cluster: Cluster) => Promise<void>>> = {
  'kubectl label namespace apps': async cluster => {
    await until('apps has its reference', async () => (await pullSecrets(cluster)) === 'regcred', 30);
    const pod = await kubectl(cluster, [
      '-n',
      'apps',
      'get',
      'pod',
      'app',
      '-o',
      'jsonpath={.spec.containers[0].image}',
    ]);
    expect(pod).to.equal('private-registry.io/apps/internal-app');
  },
  'kubectl apply -k manifests/components/admission': async cluster => {
    if (await offersMutatingPolicies(cluster))
      expect(await kubectl(cluster, ['get', 'mutatingadmissionpolicies', '-o', 'name'])).to.contain(
        'regcred',
      );
  },
  'kubectl delete -k manifests\n': async cluster => {
    expect(await pullSecrets(cluster)).to.equal('');
    expect(await kubectl(cluster, ['-n', 'apps', 'get', 'secret', 'regcred', '--ignore-not-found'])).to.equal(
      '',
    );
    const always = 'crd,clusterroles,clusterrolebindings,validatingadmissionpolicies,namespaces';
    const everything = `${always}${(await offersMutatingPolicies(cluster)) ? ',mutatingadmissionpolicies' : ''}`;
    expect(await kubectl(cluster, ['get', everything, '-o', 'name'])).not.to.contain('regcred');
  },
};

const pullSecrets = (cluster: Cluster): Promise<string> =>
  kubectl(cluster, ['-n', 'apps', 'get', 'serviceaccount', 'default', '-o', PULL_SECRETS]);

describe(`the commands of ${DOCUMENT}`, function () {
  this.timeout(180_000);
  let cluster: Cluster;
  let deployment: PlayedDeployment;
  /** Each block builds on the one before. bail() would drop them all, without a word, once any other file has failed. */
  let isBroken = false;

  before(async function () {
    skipUnlessBare(this);
    cluster = await startCluster({ prefer: 'bare' });
    await install(cluster);
    await kubectl(cluster, ['create', 'namespace', 'apps']);
    await kubectl(cluster, ['-n', 'apps', 'wait', '--for=create', 'serviceaccount/default', '--timeout=30s']);
    await kubectl(cluster, ['apply', '-k', 'manifests']);
    deployment = new PlayedDeployment(cluster);
  });
  after(async () => {
    await deployment?.stop();
    await cluster?.stop();
  });

  /** Without the lines that say of themselves that they take Kubernetes 1.36, where the cluster is older. */
  async function forCluster({ title, commands }: Block): Promise<Block> {
    if (await offersMutatingPolicies(cluster)) return { title, commands };
    return { title, commands: commands.replace(/^.*manifests\/components\/admission.*\n/gm, '') };
  }

  for (const block of blocks)
    it(`succeed: ${block.title}`, async () => {
      expect(isBroken, 'one before it failed').to.equal(false);
      isBroken = true;
      await run(await forCluster(block), cluster);
      for (const check of checksOf(block)) await check(cluster);
      isBroken = false;
    });

  it('are those that are looked at', () => {
    for (const command of Object.keys(AFTERWARDS))
      expect(blocks.filter(({ commands }) => commands.includes(command))).to.have.length(1);
  });
});

const checksOf = ({ commands }: Block) =>
  Object.entries(AFTERWARDS)
    .filter(([command]) => commands.includes(command))
    .map(([, check]) => check);
