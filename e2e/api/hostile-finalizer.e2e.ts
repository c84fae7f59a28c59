// Somebody takes our finalizer off a RegistryCredential that is not being deleted, as
// `kubectl replace` of a bare manifest does: it is put back, and nothing is undone meanwhile.

import { expect } from 'chai';
import { DOCKER_CONFIG_KEY, FINALIZER } from '../../src/api/names.ts';
import { credentialPath } from '../../src/controller/paths.ts';
import { isConflict } from '../../src/kube/errors.ts';
import { type AnyObject, patch, read, replace } from './admin.ts';
import { eventually } from './eventually.ts';
import { operator, restartOperator } from './operator.ts';
import { LOGIN, LOGINS, oneLogin } from './ownership.ts';
import { dockerConfig, type Logins, Scenario, setLabels } from './scenario.ts';
import { isReady, isServed, setSource, uidIn } from './served.ts';

const MANY = 60;
const TIMES = 60;

describe('a RegistryCredential whose finalizer is taken off', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('finalizer');
  });
  afterEach(async function () {
    this.timeout(120_000);
    await story.end();
  });

  const namespacesOf = (count: number): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => story.namespace(`n${index}`)));
  const areServed = async (namespaces: readonly string[], logins: Logins): Promise<void> => {
    for (const namespace of namespaces) await isServed(namespace, logins);
  };
  const uidsIn = (namespaces: readonly string[]): Promise<string[]> => Promise.all(namespaces.map(uidIn));
  const isFinalized = (credential: string): Promise<void> =>
    eventually('the finalizer is back', async () => {
      expect((await read(credentialPath(credential))).metadata.finalizers).to.deep.equal([FINALIZER]);
    });
  const takeOff = (credential: string): Promise<AnyObject> =>
    patch(credentialPath(credential), { metadata: { finalizers: null } });
  /** As `kubectl replace` does it: the operator's status writes come in between. */
  async function replaceBare(credential: string): Promise<void> {
    const path = credentialPath(credential);
    for (;;) {
      const { apiVersion, kind, spec, metadata } = await read(path);
      const { name, resourceVersion } = metadata;
      try {
        await replace(path, { apiVersion, kind, spec, metadata: { name, resourceVersion } });
        return;
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
    }
  }

  it('right after a new password loses no Secret, and all get the password', async function () {
    this.timeout(120_000);
    const namespaces = await namespacesOf(MANY);
    const credential = await oneLogin(story, 'x');
    await areServed(namespaces, LOGINS);
    await isReady(credential, 'True Synced');
    const uids = await uidsIn(namespaces);
    for (const password of ['second', 'third', 'fourth']) {
      await setSource(credential, { [DOCKER_CONFIG_KEY]: dockerConfig([{ ...LOGIN, password }]) });
      await replaceBare(credential);
      await areServed(namespaces, { [LOGIN.server]: [LOGIN.username, password] });
      await isFinalized(credential);
      await isReady(credential, 'True Synced');
      expect(await uidsIn(namespaces)).to.deep.equal(uids);
    }
  });

  it('again and again while labels change serves everybody in the end, with the same Secrets', async () => {
    const namespaces = await namespacesOf(3);
    const credential = await oneLogin(story, 'x');
    await areServed(namespaces, LOGINS);
    const uids = await uidsIn(namespaces);
    for (let time = 0; time < TIMES; time += 1)
      await Promise.all([
        takeOff(credential),
        ...namespaces.map(namespace => setLabels(namespace, { turn: `t${time}` })),
      ]);
    await isFinalized(credential);
    await areServed(namespaces, LOGINS);
    await isReady(credential, 'True Synced');
    expect(await uidsIn(namespaces)).to.deep.equal(uids);
  });

  it('while no operator runs is served on after the restart, with the same Secrets', async () => {
    const namespaces = await namespacesOf(3);
    const credential = await oneLogin(story, 'x');
    await areServed(namespaces, LOGINS);
    await isReady(credential, 'True Synced');
    const uids = await uidsIn(namespaces);
    await restartOperator(async () => {
      await takeOff(credential);
    });
    await isFinalized(credential);
    await isReady(credential, 'True Synced');
    await areServed(namespaces, LOGINS);
    expect(await uidsIn(namespaces)).to.deep.equal(uids);
  });
});
