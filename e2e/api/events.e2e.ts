// What became of a RegistryCredential is told where people look first: at the end of `kubectl describe`.

import { expect } from 'chai';
import { MANAGED_BY } from '../../src/api/names.ts';
import { credentialPath, secretPath } from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { patch, remove } from './admin.ts';
import { markAuditLog, writesSince } from './audit.ts';
import { eventually, holdsFor } from './eventually.ts';
import { kubectl } from './kubectl.ts';
import { operator, restartOperator, stopOperator } from './operator.ts';
import { handOverCommand, LOGIN, LOGINS, makeForeign, oneLogin, setManagedBy } from './ownership.ts';
import { Scenario, setSpec } from './scenario.ts';
import { isFailing, isReady, isServed, isWell, setSource } from './served.ts';
import { describedEvents, eventsAbout, isDescribed, isTold } from './told.ts';

const FROM = 'regcred.dev/operator';
const STEADY = 3_000;
const FLIPS = 100;

describe('an Event', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('events');
  });
  afterEach(async () => {
    // A test that failed may have left none, and nothing would be undone.
    await operator();
    await story.end();
  });

  const removeSource = (): Promise<void> => remove(secretPath(OPERATOR_NAMESPACE, `${story.id}-x`));
  const makeSource = (): Promise<string> => story.dockerSource('x', LOGIN);

  it('tells that all is served, and again that a new password is', async () => {
    await story.namespace('a');
    const credential = await oneLogin(story, 'x');
    const served = `Normal Synced ${FROM} 1 of 1 selected namespaces have their login`;
    expect(await isDescribed(credential, served)).to.equal(served);
    await setSource(credential, { '.dockerconfigjson': '{"auths":{"r.io":{"auth":"dTpw"}}}' });
    await eventually('it is told again', async () => {
      expect((await isTold(credential, 'Normal Synced')).series?.count).to.equal(2);
    });
    expect(await describedEvents(credential)).to.deep.equal([served]);
    expect(await kubectl(['describe', 'registrycredential', credential])).to.match(/\(x2 over \S+\)/);
  });

  it('tells that no namespace is selected, with the command', async () => {
    const credential = await oneLogin(story, 'x', { namespaceSelector: { matchLabels: { team: 'none' } } });
    expect(await isDescribed(credential, `Normal NoNamespaceSelected ${FROM}`)).to.contain(
      'kubectl label namespace NAME team=none',
    );
  });

  it('tells that a source fails, and is well again', async () => {
    await story.namespace('a');
    const credential = await oneLogin(story, 'x');
    await isWell(credential);
    await removeSource();
    expect(await isDescribed(credential, `Warning LastKnownGoodServed ${FROM} registries[0]`)).to.contain(
      `create it with kubectl -n regcred-system create secret docker-registry ${credential}`,
    );
    await makeSource();
    await isDescribed(credential, `Normal SourceRecovered ${FROM} every source gives its logins again`);
  });

  it('tells that there is no login at all, once', async () => {
    await story.namespace('a');
    const registries = [{ dockerConfig: { secretRef: { name: `${story.id}-none` } } }];
    const credential = await story.credential('x', { registries });
    await isDescribed(credential, `Warning SourceFailed ${FROM} registries[0]`);
    expect(await describedEvents(credential)).to.have.length(1);
  });

  it('tells that a namespace refuses, with the command, and that it does not any more', async () => {
    const [theirs] = [await story.namespace('theirs'), await story.namespace('ours')];
    await makeForeign(theirs);
    const credential = await oneLogin(story, 'x');
    const row = await isDescribed(credential, `Warning ForeignSecret ${FROM} namespace ${theirs}: `);
    expect(row).to.contain(handOverCommand(theirs));
    await isDescribed(credential, `Normal Synced ${FROM} 1 of 2 selected`);
    await kubectl(handOverCommand(theirs).split(' ').slice(1));
    await isServed(theirs, LOGINS);
    await isDescribed(credential, `Normal ConflictResolved ${FROM} namespace ${theirs}: `);
  });

  it('tells that the spec cannot be obeyed', async () => {
    const credential = await oneLogin(story, 'x', { secretName: 'unheard-of' });
    expect(await isDescribed(credential, `Warning SecretNameNotServed ${FROM}`)).to.contain(
      'use one of regcred, or add the name',
    );
  });

  it('tells that it is suspended and resumed', async () => {
    await story.namespace('a');
    const credential = await oneLogin(story, 'x');
    await isReady(credential, 'True Synced');
    await setSpec(credential, { suspend: true });
    await isDescribed(credential, `Normal Suspended ${FROM} nothing is changed until`);
    await setSpec(credential, { suspend: false });
    await isDescribed(credential, `Normal Resumed ${FROM}`);
  });

  it('tells that all is undone, in the object if something else holds it, and afterwards', async () => {
    const namespace = await story.namespace('a');
    const credential = await oneLogin(story, 'x');
    await isServed(namespace, LOGINS);
    const { metadata } = await patch(credentialPath(credential), {
      metadata: { finalizers: ['regcred.dev/undo', 'example.com/theirs'] },
    });
    await remove(credentialPath(credential));
    const undone = 'what was given to the namespaces is taken back';
    await isDescribed(credential, `Normal Undone ${FROM} ${undone}`);
    await eventually('status says who keeps it', async () => {
      expect(await kubectl(['get', 'registrycredential', credential, '-o', 'wide'])).to.contain(
        'is undone; only finalizers of others keep the object: example.com/theirs',
      );
    });
    await patch(credentialPath(credential), { metadata: { finalizers: null } });
    const selector = `involvedObject.uid=${metadata.uid},reason=Undone`;
    expect(await kubectl(['-n', 'default', 'get', 'events', '--field-selector', selector])).to.contain(
      undone,
    );
  });

  it('is one with a count for what fails again and again', async () => {
    await story.namespace('a');
    const credential = await oneLogin(story, 'x');
    await isWell(credential);
    for (let time = 0; time < 3; time++) {
      await removeSource();
      await isFailing(credential, 'LastKnownGoodServed');
      await makeSource();
      await isWell(credential);
    }
    expect((await isTold(credential, 'Warning LastKnownGoodServed')).series?.count).to.equal(2);
    await stopOperator();
    const counts = (await eventsAbout(credential)).map(({ reason, series }) => [reason, series?.count]);
    expect(counts).to.have.deep.members([
      ['Synced', undefined],
      ['LastKnownGoodServed', 3],
      ['SourceRecovered', 3],
    ]);
    await operator();
  });

  it('does not come at a restart, whatever was told', async function () {
    const [theirs] = [await story.namespace('theirs'), await story.namespace('ours')];
    await makeForeign(theirs);
    const credential = await oneLogin(story, 'x');
    await isTold(credential, 'Normal Synced');
    await removeSource();
    await isTold(credential, 'Warning LastKnownGoodServed');
    await stopOperator();
    const before = await eventsAbout(credential);
    expect(before.map(({ reason }) => reason)).to.have.members([
      'ForeignSecret',
      'Synced',
      'LastKnownGoodServed',
    ]);
    const mark = await markAuditLog(this);
    await restartOperator();
    await holdsFor(STEADY, async () => expect(await writesSince(mark)).to.deep.equal([]));
    expect(await eventsAbout(credential)).to.deep.equal(before);
  });

  it(`is seldom written when a source and a namespace go bad and well ${FLIPS} times`, async function () {
    const [theirs, ours] = [await story.namespace('theirs'), await story.namespace('ours')];
    const credential = await oneLogin(story, 'x');
    for (const namespace of [theirs, ours]) await isServed(namespace, LOGINS);
    await isTold(credential, 'Normal Synced');
    const mark = await markAuditLog(this);
    for (let flip = 0; flip < FLIPS; flip++) {
      await removeSource();
      await setManagedBy(theirs, null);
      await makeSource();
      await setManagedBy(theirs, MANAGED_BY);
    }
    await isWell(credential);
    await stopOperator();
    const events = await eventsAbout(credential);
    const writes = (await writesSince(mark)).filter(({ what }) => / events default/.test(what));
    console.log(`      ${FLIPS} times made ${events.length} Events and ${writes.length} writes of them`);
    expect(events.length).to.be.within(1, 10);
    expect(writes.length).to.be.at.most(20);
    await operator();
  });
});
