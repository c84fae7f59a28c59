// `deletionPolicy: Orphan`: the RegistryCredential goes, and what it gave stays as it is, no longer
// the operator's. It is about the deletion only, and only about its own part of a Secret.

import { expect } from 'chai';
import { credentialPath } from '../../src/controller/paths.ts';
import { remove } from './admin.ts';
import { operator, restartOperator } from './operator.ts';
import {
  failuresOf,
  handOverCommand,
  isGone,
  isReleased,
  isUnreferenced,
  KEPT_OUT,
  LOGINS,
  oneLogin,
  removeCredential,
} from './ownership.ts';
import { type Logins, ownedOf, Scenario, setLabels, setSpec } from './scenario.ts';
import { isClean, isReady, isServed, isUntouched, uidIn } from './served.ts';

const OTHER = { server: 'other.io', username: 'u', password: 'another-one' };
const OTHER_LOGINS: Logins = { 'other.io': ['u', 'another-one'] };
const ORPHAN = { deletionPolicy: 'Orphan' } as const;

describe('a RegistryCredential with deletionPolicy Orphan', () => {
  let story: Scenario;
  let namespace: string;
  before(operator);
  beforeEach(async () => {
    story = new Scenario('orphan');
    namespace = await story.namespace('a');
  });
  afterEach(() => story.end());

  it('leaves Secret and references behind, without our marks', async () => {
    const second = await story.namespace('b');
    const credential = await oneLogin(story, 'x', ORPHAN);
    const uids: string[] = [];
    for (const one of [namespace, second]) {
      await isServed(one, LOGINS);
      uids.push(await uidIn(one));
    }
    await removeCredential(credential);
    for (const [index, one] of [namespace, second].entries()) {
      await isReleased(one, uids[index] ?? '', LOGINS);
      await isUnreferenced(one, 'regcred');
    }
  });

  it('leaves a Secret that the next RegistryCredential treats as somebody else’s', async () => {
    const credential = await oneLogin(story, 'x', ORPHAN);
    await isServed(namespace, LOGINS);
    const uid = await uidIn(namespace);
    await removeCredential(credential);
    const next = await oneLogin(story, 'y', {}, OTHER);
    expect(await isReady(next, 'False Conflict')).to.contain(handOverCommand(namespace));
    expect(await failuresOf(next)).to.have.length(1);
    await removeCredential(next);
    await isReleased(namespace, uid, LOGINS);
    await isUnreferenced(namespace, 'regcred');
  });

  it('takes its own part away when another feeds the same Secret', async () => {
    const credential = await oneLogin(story, 'x', ORPHAN);
    await oneLogin(story, 'y', {}, OTHER);
    await isServed(namespace, { ...OTHER_LOGINS, ...LOGINS });
    const uid = await uidIn(namespace);
    await removeCredential(credential);
    await isServed(namespace, OTHER_LOGINS);
    expect(await uidIn(namespace)).to.equal(uid);
    expect(await ownedOf(namespace)).to.equal('regcred');
  });

  it('leaves its own part behind when another goes just before', async () => {
    const credentials = [await oneLogin(story, 'x', {}, OTHER), await oneLogin(story, 'y', ORPHAN)];
    await isServed(namespace, { ...OTHER_LOGINS, ...LOGINS });
    const uid = await uidIn(namespace);
    for (const one of credentials) await removeCredential(one);
    await isReleased(namespace, uid, LOGINS);
    await isUnreferenced(namespace, 'regcred');
  });

  const bothGoAtOnce = (...credentials: string[]): Promise<unknown> =>
    // While nobody sees which was first.
    restartOperator(async () => {
      for (const one of credentials) await remove(credentialPath(one));
    });

  for (const [orphan, deleted] of [
    ['x', 'y'],
    ['y', 'x'],
  ] as const)
    it(`leaves its own part behind when both go at once, it being ${orphan} of x and y`, async () => {
      const credentials = [
        await oneLogin(story, orphan, ORPHAN),
        await oneLogin(story, deleted, { deletionPolicy: 'Delete' }, OTHER),
      ];
      await isServed(namespace, { ...OTHER_LOGINS, ...LOGINS });
      const uid = await uidIn(namespace);
      await bothGoAtOnce(...credentials);
      for (const one of credentials) await isGone(credentialPath(one));
      await isReleased(namespace, uid, LOGINS);
      await isUnreferenced(namespace, 'regcred');
    });

  it('leaves all behind when two of them go at once', async () => {
    const credentials = [await oneLogin(story, 'x', ORPHAN), await oneLogin(story, 'y', ORPHAN, OTHER)];
    await isServed(namespace, { ...OTHER_LOGINS, ...LOGINS });
    const uid = await uidIn(namespace);
    await bothGoAtOnce(...credentials);
    for (const one of credentials) await isGone(credentialPath(one));
    await isReleased(namespace, uid, { ...OTHER_LOGINS, ...LOGINS });
    await isUnreferenced(namespace, 'regcred');
  });

  it('takes everything away where a namespace opts out', async () => {
    await oneLogin(story, 'x', ORPHAN);
    await isServed(namespace, LOGINS);
    await setLabels(namespace, KEPT_OUT);
    await isClean(namespace);
  });

  it('leaves nothing behind when the policy was changed to Delete before it went', async () => {
    const credential = await oneLogin(story, 'x', ORPHAN);
    await isServed(namespace, LOGINS);
    await setSpec(credential, { deletionPolicy: 'Delete' });
    await removeCredential(credential);
    await isUntouched(namespace);
  });
});
