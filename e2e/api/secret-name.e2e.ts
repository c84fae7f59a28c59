// `spec.secretName` and the names that the operator is started with: a change undoes the old name
// and serves the new one, and a name that is not served stalls.

import { expect } from 'chai';
import { secretPath } from '../../src/controller/paths.ts';
import { install } from '../cluster/installation.ts';
import { find } from './admin.ts';
import { cluster } from './cluster.ts';
import { eventually, holdsFor } from './eventually.ts';
import { operator, restartOperator } from './operator.ts';
import {
  failuresOf,
  hasCondition,
  isUnreferenced,
  LOGINS,
  makeForeign,
  oneLogin,
  removeCredential,
} from './ownership.ts';
import { conditionOf, loginsIn, ownedOf, pullSecretsOf, Scenario, setSpec, statusOf } from './scenario.ts';
import { isClean, isReady, isServed, isUntouched, messageOf, secretIn } from './served.ts';

const OTHER = { server: 'other.io', username: 'u', password: 'another-one' };

describe('a secretName', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('name');
  });
  afterEach(() => story.end());

  const isStalled = async (credential: string): Promise<void> => {
    await hasCondition(credential, 'Stalled', 'True SecretNameNotServed');
    expect(await conditionOf(credential, 'Ready')).to.equal('False SecretNameNotServed');
    const message = await messageOf(credential, 'Stalled');
    expect(message).to.contain('use one of regcred').and.to.contain('--secret-names');
  };

  it('that is not served gives nothing and says which are', async () => {
    const namespace = await story.namespace('a');
    const credential = await oneLogin(story, 'x', { secretName: 'not-served' });
    await isStalled(credential);
    await holdsFor(300, () => isUntouched(namespace));
    expect(await find(secretPath(namespace, 'not-served'))).to.equal(undefined);
    await setSpec(credential, { secretName: 'regcred' });
    await isServed(namespace, LOGINS);
    await hasCondition(credential, 'Stalled', undefined);
    await isReady(credential, 'True Synced');
  });

  it('that is changed to one that is not served takes everything back and counts nothing any more', async () => {
    const [namespace, theirs] = [await story.namespace('a'), await story.namespace('theirs')];
    const foreign = await makeForeign(theirs);
    const credential = await oneLogin(story, 'x');
    await isServed(namespace, LOGINS);
    await hasCondition(credential, 'Conflict', 'True ForeignSecret');
    await setSpec(credential, { secretName: 'not-served' });
    await isClean(namespace);
    await isStalled(credential);
    await hasCondition(credential, 'Conflict', undefined);
    await eventually('nothing is counted', async () => {
      expect((await statusOf(credential)).namespaces.summary).to.equal('0/0');
      expect(await failuresOf(credential)).to.deep.equal([]);
    });
    await removeCredential(credential);
    expect(await secretIn(theirs)).to.deep.equal(foreign);
  });

  describe('of two that are served', () => {
    const names = ['regcred', 'regcred-2'];
    before(async function () {
      this.timeout(120_000);
      await install(cluster(), names);
      await restartOperator(async () => {}, { secretNames: names });
    });
    after(async function () {
      this.timeout(120_000);
      await install(cluster());
      await restartOperator();
    });

    const hasSecrets = (namespace: string, expected: Record<string, object | undefined>): Promise<void> =>
      eventually(`${namespace} has ${Object.keys(expected)}`, async () => {
        for (const [name, logins] of Object.entries(expected))
          expect(await loginsIn(namespace, name), name).to.deep.equal(logins);
        const present = names.filter(name => expected[name] !== undefined);
        expect(await pullSecretsOf(namespace)).to.have.members(present);
        expect(await ownedOf(namespace)).to.equal(present.join() || undefined);
      });

    it('that is changed is undone under the old name and served under the new one', async () => {
      const namespace = await story.namespace('a');
      const credential = await oneLogin(story, 'x', { deletionPolicy: 'Orphan' });
      await hasSecrets(namespace, { regcred: LOGINS });
      await setSpec(credential, { secretName: 'regcred-2' });
      await hasSecrets(namespace, { regcred: undefined, 'regcred-2': LOGINS });
      await isReady(credential, 'True Synced');
      await setSpec(credential, { secretName: 'regcred', deletionPolicy: 'Delete' });
      await hasSecrets(namespace, { regcred: LOGINS, 'regcred-2': undefined });
      await removeCredential(credential);
      await isUnreferenced(namespace);
    });

    it('that leaves a merged Secret takes only its own part along', async () => {
      const namespace = await story.namespace('a');
      const leaves = await oneLogin(story, 'x');
      const stays = await oneLogin(story, 'y', {}, OTHER);
      const others = { 'other.io': ['u', 'another-one'] };
      await hasSecrets(namespace, { regcred: { ...others, ...LOGINS } });
      const { uid } = (await secretIn(namespace)).metadata;
      await setSpec(leaves, { secretName: 'regcred-2' });
      await hasSecrets(namespace, { regcred: others, 'regcred-2': LOGINS });
      expect((await secretIn(namespace)).metadata.uid).to.equal(uid);
      await removeCredential(stays);
      await hasSecrets(namespace, { regcred: undefined, 'regcred-2': LOGINS });
    });

    it('whose Secret is foreign does not keep the other from being served', async () => {
      const namespace = await story.namespace('a');
      await makeForeign(namespace);
      const refused = await oneLogin(story, 'x');
      const served = await oneLogin(story, 'y', { secretName: 'regcred-2' }, OTHER);
      await isReady(refused, 'False Conflict');
      await isReady(served, 'True Synced');
      expect(await pullSecretsOf(namespace)).to.deep.equal(['regcred-2']);
      expect(await ownedOf(namespace)).to.equal('regcred-2');
    });
  });
});
