// `suspend: true`: nothing changes, whatever happens around it, until it is false again; then all
// of it is caught up with. Deletion is the exception.

import { expect } from 'chai';
import { DOCKER_CONFIG_KEY } from '../../src/api/names.ts';
import { credentialPath, secretPath, serviceAccountPath } from '../../src/controller/paths.ts';
import { type AnyObject, find, patch, read, remove } from './admin.ts';
import { holdsFor } from './eventually.ts';
import { operator, restartOperator } from './operator.ts';
import {
  hasCondition,
  isGone,
  KEPT_OUT,
  LOGIN,
  LOGINS,
  oneLogin,
  removeCredential,
  setPullSecrets,
} from './ownership.ts';
import { dockerConfig, type Login, type Logins, Scenario, setLabels, setSpec, statusOf } from './scenario.ts';
import { isClean, isReady, isServed, isUntouched, setSource, uidIn } from './served.ts';

const NEWER = { ...LOGIN, password: 'not-a-real-one-either' };
const NEWER_LOGINS: Logins = { 'private-registry.io': ['registry-user', 'not-a-real-one-either'] };
const OTHER = { server: 'other.io', username: 'u', password: 'another-one' };
const OTHER_LOGINS: Logins = { 'other.io': ['u', 'another-one'] };
/** Milliseconds in which a running operator would have done it many times. */
const LONG = 700;

describe('a suspended RegistryCredential', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('suspend');
  });
  afterEach(() => story.end());

  const suspend = async (credential: string): Promise<void> => {
    // What is under way comes to its end all the same.
    await isReady(credential, 'True Synced');
    await setSpec(credential, { suspend: true });
    await isReady(credential, 'Unknown Suspended');
  };
  /** The source has the name of its RegistryCredential. */
  const renew = (credential: string, login: Login): Promise<AnyObject> =>
    setSource(credential, { [DOCKER_CONFIG_KEY]: dockerConfig([login]) });
  const world = (...namespaces: string[]): Promise<unknown> =>
    Promise.all(
      namespaces.flatMap(one => [find(secretPath(one, 'regcred')), read(serviceAccountPath(one, 'default'))]),
    );
  const staysAsItIs = async (...namespaces: string[]): Promise<void> => {
    const before = await world(...namespaces);
    await holdsFor(LONG, async () => expect(await world(...namespaces)).to.deep.equal(before));
  };

  it('changes nothing when its source changes, and catches up', async () => {
    const namespace = await story.namespace('a');
    const credential = await oneLogin(story, 'x');
    await isServed(namespace, LOGINS);
    const uid = await uidIn(namespace);
    await suspend(credential);
    await renew(credential, NEWER);
    await staysAsItIs(namespace);
    await isServed(namespace, LOGINS);
    await setSpec(credential, { suspend: false });
    await isServed(namespace, NEWER_LOGINS);
    expect(await uidIn(namespace)).to.equal(uid);
    await isReady(credential, 'True Synced');
  });

  it('repairs nothing, and catches up', async () => {
    const names = ['edited', 'deleted', 'unreferenced'] as const;
    const namespaces = await Promise.all(names.map(name => story.namespace(name)));
    const [edited = '', deleted = '', unreferenced = ''] = namespaces;
    const credential = await oneLogin(story, 'x');
    for (const one of namespaces) await isServed(one, LOGINS);
    await suspend(credential);
    await patch(secretPath(edited, 'regcred'), { data: { [DOCKER_CONFIG_KEY]: 'e30=' } });
    await remove(secretPath(deleted, 'regcred'));
    await setPullSecrets(unreferenced, 'theirs');
    await staysAsItIs(...namespaces);
    await setPullSecrets(unreferenced);
    await setSpec(credential, { suspend: false });
    for (const one of namespaces) await isServed(one, LOGINS);
  });

  it('takes no new namespace and lets none go, and catches up', async () => {
    const [stays, leaves] = [await story.namespace('stays'), await story.namespace('leaves')];
    const credential = await oneLogin(story, 'x');
    await isServed(stays, LOGINS);
    await isServed(leaves, LOGINS);
    await isReady(credential, 'True Synced');
    await suspend(credential);
    await setLabels(leaves, KEPT_OUT);
    const comes = await story.namespace('comes');
    await staysAsItIs(stays, leaves, comes);
    await isUntouched(comes);
    expect((await statusOf(credential)).namespaces.summary).to.equal('2/2');
    await setSpec(credential, { suspend: false });
    await isServed(comes, LOGINS);
    await isClean(leaves);
    await isReady(credential, 'True Synced');
  });

  for (const [what, spec] of [
    ['selector', { namespaceSelector: { matchLabels: { nobody: 'has-this' } } }],
    ['ServiceAccounts', { serviceAccounts: { names: ['nobody'] } }],
    ['registries', { registries: [{ dockerConfig: { secretRef: { name: 'there-is-none' } } }] }],
    ['secretName to one that is not served', { secretName: 'not-served' }],
  ] as const)
    it(`changes nothing when its spec gets other ${what}, also across a restart`, async () => {
      const namespace = await story.namespace('a');
      const credential = await oneLogin(story, 'x');
      await isServed(namespace, LOGINS);
      await isReady(credential, 'True Synced');
      await suspend(credential);
      await setSpec(credential, spec);
      await staysAsItIs(namespace);
      await restartOperator();
      await staysAsItIs(namespace);
      await isServed(namespace, LOGINS);
    });

  it('gives nothing when it is suspended from the start', async () => {
    const namespace = await story.namespace('a');
    const credential = await oneLogin(story, 'x', { suspend: true });
    await isReady(credential, 'Unknown Suspended');
    await holdsFor(LONG, () => isUntouched(namespace));
    await setSpec(credential, { suspend: false });
    await isServed(namespace, LOGINS);
  });

  it('is undone when it is deleted', async () => {
    const namespace = await story.namespace('a');
    const credential = await oneLogin(story, 'x');
    await isServed(namespace, LOGINS);
    await suspend(credential);
    await remove(credentialPath(credential));
    await isGone(credentialPath(credential));
    await isUntouched(namespace);
  });

  for (const restarted of [false, true])
    it(`keeps its part of a merged Secret while another’s changes${restarted ? ', also after a restart' : ''}`, async () => {
      const namespace = await story.namespace('a');
      const suspended = await oneLogin(story, 'x', {}, OTHER);
      const other = await oneLogin(story, 'y');
      await isServed(namespace, { ...OTHER_LOGINS, ...LOGINS });
      const uid = await uidIn(namespace);
      await suspend(suspended);
      if (restarted) await restartOperator();
      else await renew(suspended, { ...OTHER, password: 'a-newer-one' });
      await renew(other, NEWER);
      await isServed(namespace, { ...OTHER_LOGINS, ...NEWER_LOGINS });
      const comes = await story.namespace('comes');
      await isServed(comes, NEWER_LOGINS);
      await removeCredential(other);
      await isClean(comes);
      await isServed(namespace, OTHER_LOGINS);
      expect(await uidIn(namespace)).to.equal(uid);
      await hasCondition(suspended, 'Ready', 'Unknown Suspended');
    });

  it('never loses its part when its source changed while the operator was down', async () => {
    const namespace = await story.namespace('a');
    const suspended = await oneLogin(story, 'x', {}, OTHER);
    const other = await oneLogin(story, 'y');
    await isServed(namespace, { ...OTHER_LOGINS, ...LOGINS });
    await suspend(suspended);
    await restartOperator(async () => {
      await renew(suspended, { ...OTHER, password: 'a-newer-one' });
      await renew(other, NEWER);
    });
    await isServed(namespace, { ...OTHER_LOGINS, ...NEWER_LOGINS });
    await staysAsItIs(namespace);
    await setSpec(suspended, { suspend: false });
    await isServed(namespace, { 'other.io': ['u', 'a-newer-one'], ...NEWER_LOGINS });
  });
});
