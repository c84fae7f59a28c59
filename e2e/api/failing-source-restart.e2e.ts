// A source fails and the operator starts anew: what was kept is known, the rest is not. What stands in the namespaces
// stays, and nothing is written that need not be.

import { expect } from 'chai';
import { CREDENTIALS_ANNOTATION, DOCKER_CONFIG_KEY, PULL_SECRETS_ANNOTATION } from '../../src/api/names.ts';
import {
  CREDENTIALS_PATH,
  NAMESPACES_PATH,
  SECRETS_PATH,
  SERVICE_ACCOUNTS_PATH,
  secretPath,
} from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { type AnyObject, read, remove } from './admin.ts';
import { eventually, holdsFor } from './eventually.ts';
import { removeKept } from './kept.ts';
import { operator, restartOperator } from './operator.ts';
import { basic, conditionOf, docker, dockerConfig, Scenario, statusOf } from './scenario.ts';
import {
  isFailing,
  isReady,
  isServed,
  isWell,
  registryMessagesOf,
  secretIn,
  setSource,
  uidIn,
} from './served.ts';

const login = (server: string) => ({ server, username: 'user', password: 'not-a-real-one' });
const REAL = ['user', 'not-a-real-one'] as const;
const NEWER = ['user', 'a-newer-one'] as const;
/** Milliseconds in which an operator that is ready has done all that it finds to do. */
const SETTLED = 1_500;

describe('an operator that starts while a source fails', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('failing-restart');
  });
  afterEach(() => story.end());

  /** Where nothing was kept, as before the first run of this version. */
  const removeSourceAndKept = async (name: string): Promise<void> => {
    await removeSource(name);
    await removeKept();
  };

  /** Of everything that the operator may write: what it is and at which version. */
  async function versions(): Promise<string[]> {
    const paths = [CREDENTIALS_PATH, NAMESPACES_PATH, SECRETS_PATH, SERVICE_ACCOUNTS_PATH];
    const lists = await Promise.all(paths.map(read));
    return lists.flatMap(({ items }, index) =>
      items
        .filter(({ metadata }: AnyObject) =>
          `${metadata.namespace} ${metadata.name} ${metadata.annotations?.[CREDENTIALS_ANNOTATION]}`.includes(
            story.id,
          ),
        )
        .map(({ metadata }: AnyObject) =>
          [paths[index], metadata.namespace, metadata.name, metadata.uid, metadata.resourceVersion].join(' '),
        ),
    );
  }
  const isUnwritten = async (before: readonly string[]): Promise<void> =>
    holdsFor(SETTLED, async () => expect(await versions()).to.deep.equal(before));
  const removeSource = (name: string): Promise<void> =>
    remove(secretPath(OPERATOR_NAMESPACE, `${story.id}-${name}`));

  it('goes on saying that one of two sources never gave a login', async () => {
    const namespace = await story.namespace('a');
    const good = docker(await story.dockerSource('s', login('r.io')));
    const name = await story.credential('x', { registries: [good, basic('never-there', 'x.io')] });
    await isServed(namespace, { 'r.io': REAL });
    await isFailing(name, 'SourceFailed');
    const before = await versions();
    await restartOperator();
    await isUnwritten(before);
    expect(await conditionOf(name, 'Ready')).to.equal('False SourceFailed');
  });

  it('writes nothing, status included, where the failure was told before', async () => {
    const namespaces = [await story.namespace('a'), await story.namespace('b')];
    const name = await story.credential('x', {
      registries: [docker(await story.dockerSource('s', login('r.io')))],
    });
    for (const namespace of namespaces) await isServed(namespace, { 'r.io': REAL });
    await isWell(name);
    await removeSource('s');
    await isFailing(name, 'LastKnownGoodServed');
    const before = await versions();
    await restartOperator();
    await isUnwritten(before);
    expect(await conditionOf(name, 'Ready')).to.equal('True Synced');
    await story.dockerSource('s', login('r.io'), login('other.io'));
    for (const namespace of namespaces) await isServed(namespace, { 'r.io': REAL, 'other.io': REAL });
    await isWell(name);
  });

  it('writes nothing where one entry of the source has gone bad', async () => {
    const namespace = await story.namespace('a');
    const source = await story.dockerSource('s', login('r.io'), login('other.io'));
    const name = await story.credential('x', { registries: [docker(source)] });
    await isServed(namespace, { 'r.io': REAL, 'other.io': REAL });
    const auths = { 'r.io': { auth: '%%%' }, 'other.io': { username: REAL[0], password: REAL[1] } };
    await setSource(source, { [DOCKER_CONFIG_KEY]: JSON.stringify({ auths }) });
    await isFailing(name, 'EntryLeftOut');
    await isReady(name, 'True Synced');
    const before = await versions();
    await restartOperator();
    await isUnwritten(before);
    await setSource(source, { [DOCKER_CONFIG_KEY]: dockerConfig([login('other.io')]) });
    await isServed(namespace, { 'other.io': REAL });
    await isWell(name);
  });

  it('tells a failure that came meanwhile, and neither rewrites nor deletes what is there', async () => {
    const namespace = await story.namespace('a');
    const name = await story.credential('x', {
      registries: [docker(await story.dockerSource('s', login('r.io')))],
    });
    await isServed(namespace, { 'r.io': REAL });
    await isWell(name);
    const secret = await secretIn(namespace);
    await restartOperator(() => removeSource('s'));
    expect(await isFailing(name, 'LastKnownGoodServed')).to.contain('create it with kubectl');
    expect(await conditionOf(name, 'Ready')).to.equal('True Synced');
    expect((await statusOf(name)).registries.map(({ server }) => server)).to.deep.equal(['r.io']);
    await holdsFor(SETTLED, async () => expect(await secretIn(namespace)).to.deep.equal(secret));
  });

  it('has nothing for a namespace that comes later if nothing was kept, and touches no ServiceAccount there', async () => {
    const namespace = await story.namespace('a');
    const name = await story.credential('x', {
      registries: [docker(await story.dockerSource('s', login('r.io')))],
    });
    await isServed(namespace, { 'r.io': REAL });
    await restartOperator(() => removeSourceAndKept('s'));
    await isFailing(name, 'LastKnownGoodServed');
    const late = await story.namespace('late');
    await isReady(name, 'False SourceFailed');
    const { metadata, imagePullSecrets } = await read(`${NAMESPACES_PATH}/${late}/serviceaccounts/default`);
    expect(imagePullSecrets).to.equal(undefined);
    expect(metadata.annotations ?? {}).not.to.have.property(PULL_SECRETS_ANNOTATION);
    await isServed(namespace, { 'r.io': REAL });
    await story.dockerSource('s', login('r.io'));
    await isServed(late, { 'r.io': REAL });
    await isWell(name);
  });

  describe('of one of two RegistryCredentials, with nothing kept,', () => {
    let namespaces: string[];
    let [x, y] = ['', ''];
    const BOTH = { 'x.io': REAL, 'y.io': REAL };

    beforeEach(async () => {
      namespaces = [await story.namespace('a'), await story.namespace('b')];
      x = await story.credential('x', { registries: [basic(await story.basicSource('s', ...REAL), 'x.io')] });
      y = await story.credential('y', { registries: [docker(await story.dockerSource('t', login('y.io')))] });
      for (const namespace of namespaces) await isServed(namespace, BOTH);
      await isWell(x);
      await isWell(y);
    });

    it('drops nothing of the merged Secret, and writes a missing one with what there is', async () => {
      const [a = '', b = ''] = namespaces;
      const secret = await secretIn(a);
      await restartOperator(async () => {
        await removeSourceAndKept('t');
        await remove(secretPath(b, 'regcred'));
      });
      await isServed(b, { 'x.io': REAL });
      await isFailing(y, 'SourceFailed');
      await isWell(x);
      await holdsFor(SETTLED, async () => expect(await secretIn(a)).to.deep.equal(secret));
      await story.dockerSource('t', login('y.io'));
      await isServed(b, BOTH);
      await isWell(y);
      expect(await secretIn(a)).to.deep.equal(secret);
    });

    it('keeps the merged Secret as it is while the other changes, and catches up when it is mended', async () => {
      const [a = ''] = namespaces;
      const uid = await uidIn(a);
      await restartOperator(() => removeSourceAndKept('t'));
      await isFailing(y, 'LastKnownGoodServed');
      await setSource(`${story.id}-s`, { password: NEWER[1] });
      expect(await isReady(x, 'False SourceFailed')).to.contain(`kubectl describe registrycredential ${y}`);
      await holdsFor(SETTLED, () => isServed(a, BOTH));
      await isServed(await story.namespace('late'), { 'x.io': NEWER });
      await story.dockerSource('t', login('y.io'));
      for (const namespace of namespaces) await isServed(namespace, { 'x.io': NEWER, 'y.io': REAL });
      await isWell(y);
      await isWell(x);
      expect(await uidIn(a)).to.equal(uid);
    });

    it('lets the failing part go when its RegistryCredential goes', async () => {
      const [a = ''] = namespaces;
      const uid = await uidIn(a);
      await restartOperator(() => removeSource('t'));
      await isFailing(y, 'LastKnownGoodServed');
      await remove(`${CREDENTIALS_PATH}/${y}`);
      for (const namespace of namespaces) await isServed(namespace, { 'x.io': REAL });
      await eventually('the winner is well', async () =>
        expect(await registryMessagesOf(x)).to.deep.equal([undefined]),
      );
      expect(await uidIn(a)).to.equal(uid);
    });
  });
});
