// docs/upgrade.md as somebody follows it who upgrades: the CRD is another one, and there is a way back.

import { expect } from 'chai';
import { untilBound } from '../cluster/installation.ts';
import { until } from '../cluster/until.ts';
import { skipUnlessBare } from '../overload/skip.ts';
import { EARLIER } from '../upgrade/crd-versions.ts';
import { CRD, Stage } from '../upgrade/stage.ts';
import { PlayedDeployment } from './played-deployment.ts';
import { type Block, run } from './runnable.ts';
import { blocksOf } from './upgrade-page.ts';

const DOCUMENT = 'docs/upgrade.md';

describe(`the commands of ${DOCUMENT} for the CRD`, function () {
  this.timeout(180_000);
  let stage: Stage;
  let deployment: PlayedDeployment | undefined;

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

  const shell = (block: Block) => run(block, stage.cluster);
  const type = (commands: string) => shell({ title: 'the test', commands });
  async function play(): Promise<void> {
    deployment = new PlayedDeployment(stage.cluster);
    await untilBound(stage.cluster);
    await stage.makeSource();
  }

  it('upgrade the CRD in place, and what was served stays as it was', async () => {
    const [upgrade] = await blocksOf('## The CRD and the operator');
    await type('kubectl apply -k manifests');
    await stage.give('apply', await EARLIER['the first one']());
    await play();
    await stage.handOut('old');
    await stage.isServed('regcred');
    await stage.run('wait', '--for=condition=Ready', 'registrycredential/old', '--timeout=30s');
    const before = await versionsOfSecrets(stage);
    expect(await hasField(stage)).to.equal(false);
    await shell(upgrade);
    expect(await hasField(stage)).to.equal(true);
    expect(await versionsOfSecrets(stage)).to.equal(before);
  });

  it('bring back what an older CRD forgot, and leave every login where it is', async () => {
    const [upgrade, back] = await blocksOf('## The CRD and the operator');
    await type('kubectl apply -k manifests');
    await play();
    await stage.handOut('one', { verification: { mode: 'Off' } });
    await stage.handOut('two', { verification: { mode: 'Off' } });
    await stage.isServed('regcred');
    await stage.run('wait', '--for=condition=Ready', 'registrycredentials', '--all', '--timeout=30s');
    const shown =
      '{.items[*].spec.verification.mode} {.items[*].metadata.uid} {.items[*].metadata.finalizers}';
    const look = () => stage.run('get', 'registrycredentials', '-o', `jsonpath=${shown}`);
    const [there, secrets] = [await look(), await versionsOfSecrets(stage)];
    expect(there).to.match(/^Off Off .*"regcred.dev\/undo"/);
    await shell(upgrade);
    await stage.give('apply', await EARLIER['the first one']());
    await until('the field is gone', async () => !(await look()).includes('Off'), 30);
    // What is written meanwhile is stored without it.
    await stage.run('annotate', 'registrycredentials', '--all', 'somebody=was-here');
    await type('kubectl apply -k manifests');
    expect(await look()).not.to.contain('Off');
    // An API server takes a moment until it serves the new CRD.
    const isBack = async () => {
      await shell(back);
      return (await look()) === there;
    };
    await until('all is as it was', isBack, 30);
    expect(await versionsOfSecrets(stage)).to.equal(secrets);
  });
});

/** Of those that are handed out. */
const versionsOfSecrets = (stage: Stage): Promise<string> =>
  stage.run(
    ...['get', 'secrets', '-A', '--field-selector=metadata.name=regcred'],
    ...['-o', 'jsonpath={.items[*].metadata.resourceVersion}'],
  );

const FIELD = '{.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.verification.type}';
const hasField = async (stage: Stage): Promise<boolean> =>
  (await stage.run('get', 'crd', CRD, '-o', `jsonpath=${FIELD}`)) === 'object';
