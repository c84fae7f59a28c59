// Which ServiceAccounts of a selected namespace get the reference, and how that follows spec and labels.

import { expect } from 'chai';
import type { ServiceAccountSelection } from '../../src/api/types.ts';
import { read } from './admin.ts';
import { eventually, holdsFor } from './eventually.ts';
import { operator } from './operator.ts';
import { docker, ownedOf, pullSecretsOf, Scenario, setSpec, statusOf } from './scenario.ts';
import { isClean, isReady, isServed, makeAccount, setAccountLabels } from './served.ts';

const LOGIN = { server: 'private-registry.io', username: 'registry-user', password: 'not-a-real-one' };
const LOGINS = { 'private-registry.io': ['registry-user', 'not-a-real-one'] } as const;

/** With their labels. Every namespace has one named default besides. */
const ACCOUNTS: Readonly<Record<string, Record<string, string>>> = {
  build: {},
  'build-app': { team: 'a' },
  'app-build-nightly-run': { team: 'b' },
  web: { team: 'a', tier: 'front' },
};

const SELECTIONS: Readonly<Record<string, [ServiceAccountSelection | undefined, string[]]>> = {
  'every one, if nothing is said': [
    undefined,
    ['app-build-nightly-run', 'build', 'build-app', 'default', 'web'],
  ],
  'those of a name': [{ names: ['build', 'default', 'nobody'] }, ['build', 'default']],
  'those whose name begins alike': [{ names: ['build*'] }, ['build', 'build-app']],
  'those that fit a name with two stars': [
    { names: ['*build*'] },
    ['app-build-nightly-run', 'build', 'build-app'],
  ],
  'those that fit stars inside a name': [{ names: ['app-*-*-run'] }, ['app-build-nightly-run']],
  'those with a label': [{ selector: { matchLabels: { team: 'a' } } }, ['build-app', 'web']],
  'those that meet an expression': [
    { selector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['a'] }] } },
    ['app-build-nightly-run', 'build', 'default'],
  ],
  'those of a name and those with a label': [
    { names: ['build'], selector: { matchLabels: { team: 'a', tier: 'front' } } },
    ['build', 'web'],
  ],
  'every one, by an empty selector': [
    { selector: {} },
    ['app-build-nightly-run', 'build', 'build-app', 'default', 'web'],
  ],
};

async function attachedIn(namespace: string): Promise<string[]> {
  const { items } = await read(`/api/v1/namespaces/${namespace}/serviceaccounts`);
  const names: string[] = items.map((one: { metadata: { name: string } }) => one.metadata.name);
  const attached = await Promise.all(
    names.map(async name => (await pullSecretsOf(namespace, name)).includes('regcred')),
  );
  return names.filter((_, index) => attached[index]).sort();
}

const areAttached = (namespace: string, accounts: readonly string[]): Promise<unknown> =>
  eventually(`${accounts.join(', ')} of ${namespace} and no other have the reference`, async () =>
    expect(await attachedIn(namespace)).to.deep.equal(accounts),
  );

describe('a RegistryCredential selects ServiceAccounts', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('selection');
  });
  afterEach(() => story.end());

  async function staffed(): Promise<string> {
    const namespace = await story.namespace('a');
    for (const [name, labels] of Object.entries(ACCOUNTS)) await makeAccount(namespace, name, labels);
    return namespace;
  }
  async function credential(serviceAccounts?: ServiceAccountSelection): Promise<string> {
    const registries = [docker(await story.dockerSource('s', LOGIN))];
    return story.credential('x', { registries, ...(serviceAccounts && { serviceAccounts }) });
  }

  for (const [what, [selection, accounts]] of Object.entries(SELECTIONS))
    it(`takes ${what}`, async () => {
      const namespace = await staffed();
      const name = await credential(selection);
      await areAttached(namespace, accounts);
      await eventually('status counts those and no others', async () => {
        const { namespaces, serviceAccounts } = await statusOf(name);
        expect(namespaces.summary).to.equal('1/1');
        expect(serviceAccounts.summary).to.equal(`${accounts.length}/${accounts.length}`);
      });
      await isReady(name, 'True Synced');
      expect(await attachedIn(namespace)).to.deep.equal(accounts);
    });

  it('takes the reference from those that a new selection leaves out', async () => {
    const namespace = await staffed();
    const name = await credential({ names: ['build*'] });
    await areAttached(namespace, ['build', 'build-app']);
    await setSpec(name, { serviceAccounts: { names: null, selector: { matchLabels: { team: 'a' } } } });
    await areAttached(namespace, ['build-app', 'web']);
    expect(await ownedOf(namespace, 'build')).to.equal(undefined);
    await setSpec(name, { serviceAccounts: null });
    await areAttached(namespace, ['app-build-nightly-run', 'build', 'build-app', 'default', 'web']);
    await setSpec(name, { serviceAccounts: { names: ['nobody'] } });
    await areAttached(namespace, []);
    await eventually('status counts none', async () =>
      expect((await statusOf(name)).serviceAccounts.summary).to.equal('0/0'),
    );
  });

  it('follows the labels of a ServiceAccount', async () => {
    const namespace = await staffed();
    await credential({ selector: { matchLabels: { team: 'b' } } });
    await areAttached(namespace, ['app-build-nightly-run']);
    await setAccountLabels(namespace, 'build', { team: 'b' });
    await areAttached(namespace, ['app-build-nightly-run', 'build']);
    await setAccountLabels(namespace, 'app-build-nightly-run', { team: 'a' });
    await areAttached(namespace, ['build']);
  });

  it('leaves out one that is labelled out, by whichever way it is selected', async () => {
    const namespace = await story.namespace('a');
    await makeAccount(namespace, 'out', { 'regcred.dev/sync': 'false', team: 'a' });
    const name = await credential({ names: ['out', 'default'], selector: { matchLabels: { team: 'a' } } });
    await isServed(namespace, LOGINS);
    await isReady(name, 'True Synced');
    expect(await attachedIn(namespace)).to.deep.equal(['default']);
    expect((await statusOf(name)).serviceAccounts).to.deep.include({ selected: 1, attached: 1 });
    await setAccountLabels(namespace, 'out', { 'regcred.dev/sync': null });
    await areAttached(namespace, ['default', 'out']);
    await setAccountLabels(namespace, 'default', { 'regcred.dev/sync': 'false' });
    await areAttached(namespace, ['out']);
    expect(await ownedOf(namespace)).to.equal(undefined);
    await eventually('status no longer counts it', async () =>
      expect((await statusOf(name)).serviceAccounts.summary).to.equal('1/1'),
    );
  });

  it('has two RegistryCredentials each attach its own, and the union refer to the one Secret', async () => {
    const namespace = await staffed();
    const registries = [docker(await story.dockerSource('s', LOGIN))];
    await story.credential('x', { registries, serviceAccounts: { names: ['build'] } });
    const other = await story.credential('y', { registries, serviceAccounts: { names: ['build', 'web'] } });
    await areAttached(namespace, ['build', 'web']);
    await setSpec(other, { serviceAccounts: { names: ['default'] } });
    await areAttached(namespace, ['build', 'default']);
  });

  it('gives a namespace the Secret even where no ServiceAccount is selected', async () => {
    const namespace = await story.namespace('a');
    const name = await credential({ names: ['later'] });
    await isReady(name, 'True Synced');
    await makeAccount(namespace, 'later');
    await areAttached(namespace, ['later']);
    await holdsFor(300, async () => expect(await attachedIn(namespace)).to.deep.equal(['later']));
    await setSpec(name, { namespaceSelector: { matchLabels: { nobody: 'here' } } });
    await isClean(namespace);
    await areAttached(namespace, []);
  });
});
