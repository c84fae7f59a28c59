// A Secret of our name that somebody else made is theirs: it is left as it is, nothing points at
// it, and status says so with the command by which its owner hands it over.

import { expect } from 'chai';
import { MANAGED_BY } from '../../src/api/names.ts';
import { secretPath } from '../../src/controller/paths.ts';
import { remove } from './admin.ts';
import { eventually, holdsFor } from './eventually.ts';
import { kubectl } from './kubectl.ts';
import { operator, restartOperator } from './operator.ts';
import {
  failuresOf,
  HANDED_OVER,
  handOverCommand,
  hasCondition,
  isReleased,
  isUnreferenced,
  KEPT_OUT,
  LOGINS,
  MADE_BY_HELM,
  makeForeign,
  NO_LONGER_KEPT_OUT,
  oneLogin,
  removeCredential,
  setManagedBy,
} from './ownership.ts';
import { Scenario, setLabels, setSpec, statusOf } from './scenario.ts';
import { isReady, isServed, isUntouched, messageOf, secretIn, uidIn } from './served.ts';

describe('a Secret of our name', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('foreign');
  });
  afterEach(() => story.end());

  const isReported = (credential: string, ...namespaces: string[]): Promise<void> =>
    eventually(`${credential} reports ${namespaces}`, async () => {
      const failures = await failuresOf(credential);
      expect(failures.map(({ namespace, reason }) => [namespace, reason])).to.deep.equal(
        namespaces.map(namespace => [namespace, 'ForeignSecret']),
      );
      for (const { namespace, message } of failures) expect(message).to.contain(handOverCommand(namespace));
    });

  it('that somebody else made stays as it is and is reported, and the others are served', async () => {
    const [theirs, ours] = [await story.namespace('theirs'), await story.namespace('ours')];
    const foreign = await makeForeign(theirs);
    const credential = await oneLogin(story, 'x');
    await isServed(ours, LOGINS);
    await isReported(credential, theirs);
    await isReady(credential, 'True Synced');
    await hasCondition(credential, 'Conflict', 'True ForeignSecret');
    expect(await messageOf(credential, 'Conflict')).to.contain(handOverCommand(theirs));
    const { namespaces, serviceAccounts } = await statusOf(credential);
    expect(namespaces).to.deep.equal({ selected: 2, synced: 1, failed: 1, summary: '1/2' });
    expect(serviceAccounts).to.deep.equal({ selected: 2, attached: 1, summary: '1/2' });
    await isUnreferenced(theirs);
    await removeCredential(credential);
    expect(await secretIn(theirs)).to.deep.equal(foreign);
    await isUnreferenced(theirs);
  });

  it('is somebody else’s also when it holds the very same bytes', async () => {
    const [theirs, ours] = [await story.namespace('theirs', KEPT_OUT), await story.namespace('ours')];
    const credential = await oneLogin(story, 'x');
    await isServed(ours, LOGINS);
    const foreign = await makeForeign(theirs, (await secretIn(ours)).data);
    await setLabels(theirs, NO_LONGER_KEPT_OUT);
    await isReported(credential, theirs);
    await isUnreferenced(theirs);
    await removeCredential(credential);
    expect(await secretIn(theirs)).to.deep.equal(foreign);
  });

  it('makes Ready False only when no selected namespace could be served', async () => {
    const [first, second] = [await story.namespace('a'), await story.namespace('b')];
    await makeForeign(first);
    await makeForeign(second);
    const credential = await oneLogin(story, 'x');
    expect(await isReady(credential, 'False Conflict')).to.contain(handOverCommand(first));
    await hasCondition(credential, 'Conflict', 'True ForeignSecret');
    await isReported(credential, first, second);
    await remove(secretPath(second, 'regcred'));
    await isServed(second, LOGINS);
    await isReady(credential, 'True Synced');
    await isReported(credential, first);
  });

  it('is no longer reported when its namespace is not selected any more', async () => {
    const [theirs, ours] = [await story.namespace('theirs'), await story.namespace('ours', { team: 'a' })];
    await makeForeign(theirs);
    const credential = await oneLogin(story, 'x');
    await isReported(credential, theirs);
    await setSpec(credential, { namespaceSelector: { matchLabels: { team: 'a' } } });
    await isServed(ours, LOGINS);
    await hasCondition(credential, 'Conflict', undefined);
    expect((await statusOf(credential)).namespaces.summary).to.equal('1/1');
    expect(await failuresOf(credential)).to.deep.equal([]);
  });

  const isHandedOver = async (credential: string): Promise<void> => {
    const [{ message } = { message: '' }] = await failuresOf(credential);
    const command = message.slice(message.indexOf('kubectl ') + 'kubectl '.length);
    await kubectl(command.split(' '));
  };

  it('is taken over as soon as its owner runs the command of the status, and released at the end', async () => {
    const [theirs, ours] = [await story.namespace('theirs'), await story.namespace('ours')];
    const { uid } = (await makeForeign(theirs)).metadata;
    const credential = await oneLogin(story, 'x');
    await isReported(credential, theirs);
    await isHandedOver(credential);
    await isServed(theirs, LOGINS);
    expect(await uidIn(theirs)).to.equal(uid);
    await hasCondition(credential, 'Conflict', undefined);
    await isReported(credential);
    await removeCredential(credential);
    await isReleased(theirs, uid, LOGINS);
    expect((await secretIn(theirs)).metadata.labels).to.deep.equal({ team: 'theirs' });
    await isUnreferenced(theirs);
    await isUntouched(ours);
  });

  it('that Helm made, and marked as its own, is taken over by that command too', async () => {
    const theirs = await story.namespace('theirs');
    const { uid } = (await makeForeign(theirs, undefined, MADE_BY_HELM)).metadata;
    const credential = await oneLogin(story, 'x');
    await isReported(credential, theirs);
    await isHandedOver(credential);
    await isServed(theirs, LOGINS);
    expect(await uidIn(theirs)).to.equal(uid);
    await isReported(credential);
  });

  it('that was handed over is released also when its namespace opts out', async () => {
    const theirs = await story.namespace('theirs');
    const { uid } = (await makeForeign(theirs)).metadata;
    const credential = await oneLogin(story, 'x');
    await isReported(credential, theirs);
    await setManagedBy(theirs, MANAGED_BY);
    await isServed(theirs, LOGINS);
    await setLabels(theirs, KEPT_OUT);
    await eventually('it is released', () => isReleased(theirs, uid, LOGINS));
    await isUnreferenced(theirs);
  });

  it('that is handed over while nobody wants it loses the label again and nothing else', async () => {
    const theirs = await story.namespace('theirs');
    const { data, metadata } = await makeForeign(theirs, undefined, HANDED_OVER);
    await eventually('the label is off', async () => {
      expect((await secretIn(theirs)).metadata.labels).to.equal(undefined);
    });
    expect((await secretIn(theirs)).data).to.deep.equal(data);
    expect(await uidIn(theirs)).to.equal(metadata.uid);
  });

  it('is somebody else’s from when our label is taken off, and handed over from when it is put on again', async () => {
    const [theirs, ours] = [await story.namespace('theirs'), await story.namespace('ours')];
    const credential = await oneLogin(story, 'x');
    await isServed(theirs, LOGINS);
    await isReady(credential, 'True Synced');
    const foreign = await setManagedBy(theirs, null);
    await eventually('nothing points at it', () => isUnreferenced(theirs));
    await isReported(credential, theirs);
    await holdsFor(300, async () => expect(await secretIn(theirs)).to.deep.equal(foreign));
    await setManagedBy(theirs, MANAGED_BY);
    await isServed(theirs, LOGINS);
    await isReported(credential);
    await removeCredential(credential);
    await isReleased(theirs, foreign.metadata.uid, LOGINS);
    await isUnreferenced(theirs);
    await isUntouched(ours);
  });

  it('is somebody else’s when the label says that another tool manages it', async () => {
    const theirs = await story.namespace('theirs');
    const credential = await oneLogin(story, 'x');
    await isServed(theirs, LOGINS);
    const foreign = await setManagedBy(theirs, 'helm');
    await eventually('nothing points at it', () => isUnreferenced(theirs));
    await isReported(credential, theirs);
    await removeCredential(credential);
    expect(await secretIn(theirs)).to.deep.equal(foreign);
  });

  it('that was made in the place of ours while the operator was down is left alone', async () => {
    const theirs = await story.namespace('theirs');
    const credential = await oneLogin(story, 'x');
    await isServed(theirs, LOGINS);
    await isReady(credential, 'True Synced');
    const places: unknown[] = [];
    await restartOperator(async () => {
      const { data } = await secretIn(theirs);
      await remove(secretPath(theirs, 'regcred'));
      places.push(await makeForeign(theirs, data));
    });
    await isReported(credential, theirs);
    await eventually('nothing points at it', () => isUnreferenced(theirs));
    expect([await secretIn(theirs)]).to.deep.equal(places);
  });
});
