import { expect } from 'chai';
import { NAMESPACES_PATH, serviceAccountPath } from '../../src/controller/paths.ts';
import { create, read, remove } from './admin.ts';
import { eventually } from './eventually.ts';
import { operator } from './operator.ts';
import {
  conditionOf,
  docker,
  loginsIn,
  ownedOf,
  pullSecretsOf,
  Scenario,
  setLabels,
  statusOf,
} from './scenario.ts';

const LOGIN = { server: 'private-registry.io', username: 'registry-user', password: 'not-a-real-one' };
const LOGINS = { 'private-registry.io': ['registry-user', 'not-a-real-one'] };

/** Milliseconds: kube-controller-manager may still be busy with the hundred namespaces of the tests before. */
const LONGEST_DELETION = 60_000;

describe('a RegistryCredential reaches the namespaces that opt in', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('spread');
  });
  afterEach(() => story.end());

  const isServed = (namespace: string): Promise<void> =>
    eventually(`${namespace} is served`, async () => {
      expect(await loginsIn(namespace)).to.deep.equal(LOGINS);
      expect(await pullSecretsOf(namespace)).to.deep.equal(['regcred']);
    });
  const isClean = (namespace: string): Promise<void> =>
    eventually(`${namespace} is clean`, async () => {
      expect(await loginsIn(namespace)).to.equal(undefined);
      expect(await pullSecretsOf(namespace)).to.deep.equal([]);
      expect(await ownedOf(namespace)).to.equal(undefined);
    });

  it('gives every selected namespace the Secret and every ServiceAccount the reference', async () => {
    const namespaces = [await story.namespace('a'), await story.namespace('b')];
    const credential = await story.credential('x', {
      registries: [docker(await story.dockerSource('s', LOGIN))],
    });
    for (const namespace of namespaces) await isServed(namespace);
    await eventually('status says so', async () => {
      expect(await conditionOf(credential, 'Ready')).to.equal('True Synced');
      const { namespaces, serviceAccounts } = await statusOf(credential);
      expect(namespaces.summary).to.equal('2/2');
      expect(serviceAccounts.summary).to.equal('2/2');
    });
  });

  it('serves a namespace and a ServiceAccount that come later', async () => {
    await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
    const namespace = await story.namespace('late');
    await isServed(namespace);
    await create(`${NAMESPACES_PATH}/${namespace}/serviceaccounts`, { metadata: { name: 'builder' } });
    await eventually('the new ServiceAccount has it', async () =>
      expect(await pullSecretsOf(namespace, 'builder')).to.deep.equal(['regcred']),
    );
  });

  it('follows the label of a namespace both ways', async () => {
    await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
    const namespace = await story.namespace('a');
    await isServed(namespace);
    const [[key = '', value = '']] = Object.entries(story.selector.matchLabels) as [[string, string]];
    await setLabels(namespace, { [key]: 'another' });
    await isClean(namespace);
    await setLabels(namespace, { [key]: value });
    await isServed(namespace);
    await setLabels(namespace, { [key]: null });
    await isClean(namespace);
  });

  it('lets a namespace go while it is served', async function () {
    this.timeout(2 * LONGEST_DELETION);
    const credential = await story.credential('x', {
      registries: [docker(await story.dockerSource('s', LOGIN))],
    });
    const [stays, goes] = [await story.namespace('stays'), await story.namespace('goes')];
    await isServed(stays);
    await isServed(goes);
    await remove(`${NAMESPACES_PATH}/${goes}`);
    await eventually(
      'the namespace is gone',
      async () => {
        const all = await read(NAMESPACES_PATH);
        expect(all.items.map((one: { metadata: { name: string } }) => one.metadata.name)).not.to.include(
          goes,
        );
      },
      LONGEST_DELETION,
    );
    await eventually('status counts the one that is left', async () => {
      expect((await statusOf(credential)).namespaces.summary).to.equal('1/1');
      expect(await conditionOf(credential, 'Ready')).to.equal('True Synced');
    });
    await read(serviceAccountPath(stays, 'default'));
  });
});
