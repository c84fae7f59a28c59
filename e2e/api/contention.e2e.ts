// ServiceAccounts that somebody else writes at the same time: nobody's entry, label or
// annotation is ever lost, and ours is there in the end.

import { expect } from 'chai';
import { NAMESPACES_PATH, serviceAccountPath } from '../../src/controller/paths.ts';
import { isConflict } from '../../src/kube/errors.ts';
import { type AnyObject, create, patch, read } from './admin.ts';
import { eventually } from './eventually.ts';
import { operator } from './operator.ts';
import { docker, ownedOf, pullSecretsOf, Scenario, setLabels } from './scenario.ts';

const LOGIN = { server: 'r.example.com', username: 'u', password: 'p' };
const KEPT_OUT = 'regcred.dev/sync';

interface Entry {
  name: string;
}

/** Reads, changes, and writes with the resourceVersion that was read, again if somebody was faster. */
async function rewrite(path: string, change: (account: AnyObject) => object): Promise<void> {
  for (;;) {
    const account = await read(path);
    const { resourceVersion } = account.metadata;
    const { metadata, ...rest } = change(account) as { metadata?: object };
    try {
      await patch(path, { ...rest, metadata: { ...metadata, resourceVersion } });
      return;
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}

const withEntry =
  (name: string) =>
  ({ imagePullSecrets = [] }: AnyObject) => ({
    imagePullSecrets: [...imagePullSecrets, { name }],
    metadata: { labels: { [name]: 'theirs' }, annotations: { [name]: 'theirs' } },
  });

/** Without the one that it added `behind` writes ago. */
const withNextEntry =
  (name: string, gone: string) =>
  ({ imagePullSecrets = [] }: AnyObject) => ({
    imagePullSecrets: [...imagePullSecrets.filter((entry: Entry) => entry.name !== gone), { name }],
    metadata: { labels: { [name]: 'theirs', [gone]: null } },
  });

describe('a ServiceAccount that others write too', () => {
  let story: Scenario;
  before(operator);
  beforeEach(async () => {
    story = new Scenario('contention');
    await story.credential('x', { registries: [docker(await story.dockerSource('s', LOGIN))] });
  });
  afterEach(() => story.end());

  const hasAll = (namespace: string, account: string, theirs: readonly string[]) =>
    eventually(`${namespace}/${account} has everything`, async () => {
      const entries = await pullSecretsOf(namespace, account);
      expect([...entries].sort()).to.deep.equal(['regcred', ...theirs].sort());
      expect(await ownedOf(namespace, account)).to.equal('regcred');
    });

  it('loses nothing in 200 writes of another controller while it is attached and detached', async () => {
    const namespace = await story.namespace('a');
    const path = serviceAccountPath(namespace, 'default');
    let isWriting = true;
    let switched = 0;
    const switching = (async () => {
      while (isWriting) {
        await setLabels(namespace, { [KEPT_OUT]: switched % 2 === 0 ? 'false' : null });
        switched += 1;
        const wanted = switched % 2 === 0;
        await eventually('the operator has followed', async () =>
          expect((await pullSecretsOf(namespace)).includes('regcred')).to.equal(wanted),
        );
      }
      await setLabels(namespace, { [KEPT_OUT]: null });
    })();
    const stay = ['first', 'second', 'third'];
    for (const name of stay) await rewrite(path, withEntry(name));
    for (let write = 0; write < 200; write += 1) {
      await rewrite(path, withNextEntry(`turn-${write}`, `turn-${write - 1}`));
      const entries = (await pullSecretsOf(namespace)).filter(name => name !== 'regcred');
      expect(entries).to.deep.equal([...stay, `turn-${write}`]);
    }
    isWriting = false;
    await switching;
    expect(switched, 'attached and detached meanwhile').to.be.greaterThan(3);
    await hasAll(namespace, 'default', [...stay, 'turn-199']);
    const { metadata } = await read(path);
    expect(metadata.labels).to.deep.equal({
      ...Object.fromEntries(stay.map(name => [name, 'theirs'])),
      'turn-199': 'theirs',
    });
    expect(metadata.annotations).to.include(Object.fromEntries(stay.map(name => [name, 'theirs'])));
  });

  it('keeps the entries of five writers on each of 20 new ServiceAccounts', async () => {
    const namespace = await story.namespace('a');
    const accounts = Array.from({ length: 20 }, (_, index) => `account-${index}`);
    const writers = Array.from({ length: 5 }, (_, index) => `writer-${index}`);
    await Promise.all(
      accounts.map(async name => {
        await create(`${NAMESPACES_PATH}/${namespace}/serviceaccounts`, { metadata: { name } });
        await Promise.all(
          writers.map(writer => rewrite(serviceAccountPath(namespace, name), withEntry(writer))),
        );
      }),
    );
    for (const account of accounts) await hasAll(namespace, account, writers);
  });

  it('gets its entry back when somebody writes over the list without looking', async () => {
    const namespace = await story.namespace('a');
    await hasAll(namespace, 'default', []);
    await patch(serviceAccountPath(namespace, 'default'), { imagePullSecrets: [{ name: 'only-mine' }] });
    await hasAll(namespace, 'default', ['only-mine']);
  });
});
