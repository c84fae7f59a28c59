// docs/upgrade.md as somebody follows it on whose cluster it did not go by the book: the runnable commands of each part
// lead out of what that part is about. What may be the case besides, e2e/upgrade tries; of the CRD: upgrade-crd.e2e.ts.

import { dirname } from 'node:path';
import { expect } from 'chai';
import { LEASE } from '../../src/api/names.ts';
import { microTime } from '../../src/kube/micro-time.ts';
import { findHelm, HELM_VERSIONS } from '../cluster/helm-program.ts';
import { OPERATOR_NAMESPACE, untilBound } from '../cluster/installation.ts';
import { until } from '../cluster/until.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import { CRD, Stage } from '../upgrade/stage.ts';
import { PlayedDeployment } from './played-deployment.ts';
import { type Block, run, runnableBlocks } from './runnable.ts';
import { blocksOf, PARTS } from './upgrade-page.ts';

const DOCUMENT = 'docs/upgrade.md';
/** Minutes on a machine on which Helm has to be built first. */
const LONGEST_START = 20 * 60_000;

describe(`the commands of ${DOCUMENT}`, function () {
  this.timeout(180_000);
  let stage: Stage;
  let deployment: PlayedDeployment | undefined;
  /** Folders of programs that the commands need. */
  const path = [dirname(process.execPath)];

  before(function () {
    skipUnlessBare(this);
  });
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(async () => {
    await deployment?.stop();
    deployment = undefined;
    await stage?.close();
  });

  const shell = (block: Block) => run(block, stage.cluster, { path });
  const type = (commands: string) => shell({ title: 'the test', commands });
  const play = () => {
    deployment = new PlayedDeployment(stage.cluster);
  };
  const halt = async () => {
    await deployment?.stop();
    deployment = undefined;
  };
  async function installed(command: string): Promise<void> {
    await type(command);
    play();
    await untilBound(stage.cluster);
    await stage.makeSource();
  }

  it('show who is waited for when an operator was killed, until the next one begins', async () => {
    const [who] = await blocksOf('## The operator is down for a while');
    const holder = async (): Promise<string> => (await shell(who)).split('\n')[1]?.split(' ')[0] ?? '';
    await type('kubectl apply -k manifests');
    await untilBound(stage.cluster);
    const first = await stage.operate();
    await type(`kubectl -n ${OPERATOR_NAMESPACE} wait lease/regcred --for=create --timeout=30s`);
    await first.stop('SIGKILL');
    const killed = await holder();
    expect(killed).not.to.equal('');
    const began = performance.now();
    const next = await stage.operate();
    expect(await holder(), 'ready, and waiting').to.equal(killed);
    await until('the next one leads', async () => (await holder()) !== killed, 30);
    expect((performance.now() - began) / 1000, 'seconds').to.be.at.least(15);
    // It writes the Lease before it says so.
    await until('it says so', async () => (await next.logs()).includes('became the leader'), 10);
    expect(await next.logs())
      .to.contain('another replica leads')
      .and.contain(killed)
      .and.contain('became the leader');
    await stage.halt();
    expect(await holder(), 'given back').to.equal('');
  });

  it('delete nothing where the operator does not come to work', async () => {
    const [, outside] = await blocksOf('## The operator was removed before its RegistryCredentials');
    await type('kubectl apply -k crds');
    // It hangs, and the Lease of one that was killed is there.
    await leaveLease(stage);
    const commands = outside.commands
      .replace(CREATE, '')
      .replace(/^\S+ dist\/operator\.js/m, "bash -c 'sleep 10' --")
      .replace('seq 60', 'seq 2');
    expect(commands).to.contain("'sleep 10'").and.contain('seq 2');
    expect(await shell({ ...outside, commands })).to.contain('nothing was deleted');
    const deleted = ['-o', 'jsonpath={.metadata.deletionTimestamp}'];
    expect(await stage.run('get', 'crd', CRD, ...deleted)).to.equal('');
  });

  describe('with Helm', () => {
    before(async function () {
      this.timeout(LONGEST_START);
      const found = await findHelm(line => console.error(line), HELM_VERSIONS.at(-1));
      if ('path' in found) {
        path.push(dirname(found.path));
        return;
      }
      Object.assign(this.test?.parent ?? {}, { skipReason: found.why });
      return this.skip();
    });
    const release = (verb: string, names: string) =>
      `helm ${verb} regcred charts/regcred -n ${OPERATOR_NAMESPACE} --create-namespace --set 'secretNames={${names}}'`;

    it('take a Secret name away when nobody uses it any more', async () => {
      const [left, inOrder] = await blocksOf('## A Secret name is taken from `secretNames`');
      await installed(release('install', 'regcred,regcred-old'));
      await stage.handOut('mirror', { secretName: 'regcred-old' });
      await stage.isServed('regcred-old');
      expect((await shell(left)).match(/ regcred-old /g)).to.have.length(2);
      await shell(inOrder);
      await stage.isServed('regcred');
      expect(await shell(left)).to.equal('');
      expect(await namesInForce(stage)).to.equal('["regcred"]');
    });

    it('remove what a Secret name left that was taken away too early', async () => {
      const [left, , tooLate] = await blocksOf('## A Secret name is taken from `secretNames`');
      await installed(release('install', 'regcred,regcred-old'));
      await stage.handOut('one');
      await stage.handOut('mirror', { secretName: 'regcred-old' });
      await stage.isServed('regcred', 'regcred-old');
      await type(release('upgrade', 'regcred'));
      const reason = ['-o', 'jsonpath={.status.conditions[?(@.type=="Stalled")].reason}'];
      const stalled = () => stage.run('get', 'registrycredential', 'mirror', ...reason);
      await until('it is stalled', async () => (await stalled()) === 'SecretNameNotServed', 40);
      await stage.run('delete', 'registrycredential', 'mirror', '--timeout=30s');
      await stage.isServed('regcred', 'regcred-old');
      expect((await shell(left)).match(/ regcred-old /g)).to.have.length(2);
      await shell(tooLate);
      await stage.isServed('regcred');
      expect(await namesInForce(stage)).to.equal('["regcred"]');
    });
  });

  describe('when the operator was removed first', () => {
    beforeEach(async () => {
      await installed('kubectl apply -k manifests');
      await stage.handOut('one');
      await stage.isServed('regcred');
      await halt();
      const outcome = await type('kubectl delete -k manifests --timeout=10s').then(
        () => 'the CRD went',
        (error: Error) => error.message,
      );
      expect(outcome).to.contain('timed out');
      await stage.isServed('regcred');
    });

    it('undo everything by installing it again', async () => {
      const [again] = await blocksOf('## The operator was removed before its RegistryCredentials');
      play();
      await shell(again);
      await stage.nothingIsLeft();
    });

    it('undo everything from outside the cluster', async () => {
      const [, outside, namespace] = await blocksOf(
        '## The operator was removed before its RegistryCredentials',
      );
      await type(`kubectl wait --for=delete namespace/${OPERATOR_NAMESPACE} --timeout=60s`);
      await shell(outside);
      await shell(namespace);
      await stage.nothingIsLeft();
    });

    it('undo everything from outside the cluster, where the Lease of one that was killed is left', async () => {
      const [, { title, commands }, namespace] = await blocksOf(
        '## The operator was removed before its RegistryCredentials',
      );
      await type(`kubectl wait --for=delete namespace/${OPERATOR_NAMESPACE} --timeout=60s`);
      await leaveLease(stage);
      await shell({ title, commands: commands.replace(CREATE, '') });
      await shell(namespace);
      await stage.nothingIsLeft();
    });
  });
});

describe(`the blocks of ${DOCUMENT}`, () => {
  it('are all tried here', async () => {
    const all = Object.values(PARTS).reduce((sum: number, count) => sum + count, 0);
    expect(await runnableBlocks(DOCUMENT)).to.have.length(all);
  });
});

/** The line that the document has one leave out where the namespace is there. */
const CREATE = /^kubectl create namespace .*\n/;

/** In the namespace of the operator, which is made. */
async function leaveLease(stage: Stage): Promise<void> {
  await stage.run('create', 'namespace', OPERATOR_NAMESPACE);
  await stage.give('create', {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { namespace: OPERATOR_NAMESPACE, name: LEASE },
    spec: { holderIdentity: 'killed', leaseDurationSeconds: 15, renewTime: microTime(Date.now()) },
  });
}

const NAMES = '{.rules[?(@.resourceNames)].resourceNames}';
const namesInForce = (stage: Stage): Promise<string> =>
  stage.run('get', 'clusterrole', 'regcred', '-o', `jsonpath=${NAMES}`);
