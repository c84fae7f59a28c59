// docs/upgrade.md as somebody follows it on whose cluster it did not go by the book: the runnable commands of each part
// lead out of what that part is about. What may be the case besides, e2e/upgrade tries.

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { findHelm, HELM_VERSIONS } from '../cluster/helm-program.ts';
import { OPERATOR_NAMESPACE, untilBound } from '../cluster/installation.ts';
import { until } from '../cluster/until.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import { EARLIER } from '../upgrade/crd-versions.ts';
import { CRD, Stage } from '../upgrade/stage.ts';
import { PlayedDeployment } from './played-deployment.ts';
import { type Block, run, runnableBlocks, section } from './runnable.ts';

const DOCUMENT = 'docs/upgrade.md';
/** How many blocks each part has. */
const PARTS = {
  '## The CRD and the operator': 1,
  '## A Secret name is taken from `secretNames`': 3,
  '## The operator was removed before its RegistryCredentials': 3,
} as const;
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

  it('upgrade the CRD in place, and what was served stays as it was', async () => {
    const [upgrade] = await blocksOf('## The CRD and the operator');
    await type('kubectl apply -k manifests');
    await stage.give('apply', await EARLIER['the first one']());
    await installed('true');
    await stage.handOut('old');
    await stage.isServed('regcred');
    await stage.run('wait', '--for=condition=Ready', 'registrycredential/old', '--timeout=30s');
    const secrets = ['get', 'secrets', '-A', '--field-selector=metadata.name=regcred'];
    const versions = () => stage.run(...secrets, '-o', 'jsonpath={.items[*].metadata.resourceVersion}');
    const before = await versions();
    expect(await hasField(stage)).to.equal(false);
    await shell(upgrade);
    expect(await hasField(stage)).to.equal(true);
    expect(await versions()).to.equal(before);
    const kept = await readFile(join(stage.cluster.folder, 'registrycredentials.yaml'), 'utf8');
    expect(kept).to.contain('name: old');
  });

  it('delete nothing where the operator does not come to work', async () => {
    const [, outside] = await blocksOf('## The operator was removed before its RegistryCredentials');
    await type('kubectl apply -k crds');
    const commands = outside.commands
      .replace(/^\S+ dist\/operator\.js/m, 'false')
      .replace('--timeout=1m', '--timeout=2s');
    await shell({ ...outside, commands }).then(
      () => expect.fail('all went well'),
      () => undefined,
    );
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
  });
});

describe(`the blocks of ${DOCUMENT}`, () => {
  it('are all tried here', async () => {
    const all = Object.values(PARTS).reduce((sum: number, count) => sum + count, 0);
    expect(await runnableBlocks(DOCUMENT)).to.have.length(all);
  });
});

type Blocks = readonly [Block, Block, Block];

async function blocksOf(heading: keyof typeof PARTS): Promise<Blocks> {
  const blocks = (await section(DOCUMENT, heading)).filter(({ kind }) => kind === 'sh runnable');
  expect(blocks, heading).to.have.length(PARTS[heading]);
  return blocks as unknown as Blocks;
}

const FIELD = '{.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.verification.type}';
const hasField = async (stage: Stage): Promise<boolean> =>
  (await stage.run('get', 'crd', CRD, '-o', `jsonpath=${FIELD}`)) === 'object';

const NAMES = '{.rules[?(@.resourceNames)].resourceNames}';
const namesInForce = (stage: Stage): Promise<string> =>
  stage.run('get', 'clusterrole', 'regcred', '-o', `jsonpath=${NAMES}`);
