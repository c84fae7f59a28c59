// The operator beside the admission policy: what comes with the ServiceAccount need not be written, and whatever
// the policy gives, the operator takes back when it is not wanted.

import { expect } from 'chai';
import { PULL_SECRETS_ANNOTATION } from '../../src/api/names.ts';
import {
  credentialPath,
  NAMESPACES_PATH,
  secretPath,
  serviceAccountPath,
} from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { type AnyObject, create, find, follow, patch, read, remove } from './admin.ts';
import { accountsIn, installPolicy, isGivenIn, removePolicy, willBeGivenIn } from './admission-policy.ts';
import { markAuditLog, writesSince } from './audit.ts';
import { eventually, holdsFor } from './eventually.ts';
import { operator } from './operator.ts';
import { MERGE_PATCH, operatorIdentity } from './operator-identity.ts';
import {
  failuresOf,
  isGone,
  LOGINS,
  makeForeign,
  oneLogin,
  removeCredential,
  setPullSecrets,
} from './ownership.ts';
import { ownedOf, pullSecretsOf, Scenario, setLabels } from './scenario.ts';
import { isFailing, isReady, isServed, makeAccount, setAccountLabels } from './served.ts';

describe('with the admission policy, the operator', () => {
  let story: Scenario;
  before(async function () {
    await installPolicy(this);
    await operator();
  });
  after(removePolicy);
  beforeEach(() => {
    story = new Scenario('admitted');
  });
  afterEach(() => story.end());

  const served = async (): Promise<{ namespace: string; credential: string }> => {
    const namespace = await story.namespace('first');
    const credential = await oneLogin(story, 'x');
    await isServed(namespace, LOGINS);
    await isReady(credential, 'True Synced');
    await willBeGivenIn(namespace);
    return { namespace, credential };
  };
  const areUnreferenced = (namespace: string): Promise<void> =>
    eventually(`no ServiceAccount of ${namespace} refers to it`, async () => {
      for (const { metadata, imagePullSecrets = [] } of (await read(accountsIn(namespace))).items) {
        expect(imagePullSecrets, metadata.name).to.deep.equal([]);
        expect(metadata.annotations ?? {}, metadata.name).not.to.have.property(PULL_SECRETS_ANNOTATION);
      }
    });
  const accountWrites = async (mark: number): Promise<string[]> =>
    (await writesSince(mark)).map(({ what }) => what).filter(what => what.includes('serviceaccounts'));

  it('writes the Secret of a new namespace and nothing else', async function () {
    await served();
    const mark = await markAuditLog(this);
    const namespaces = await Promise.all(
      Array.from({ length: 10 }, (_, index) => story.namespace(`n${index}`)),
    );
    for (const namespace of namespaces) await isServed(namespace, LOGINS);
    const expected = namespaces.map(namespace => `patch secrets ${namespace}/regcred`).sort();
    const isCounted = async (): Promise<void> => {
      const writes = (await writesSince(mark)).map(({ what }) => what);
      const inNamespaces = writes.filter(what => namespaces.some(namespace => what.includes(namespace)));
      expect(inNamespaces.sort()).to.deep.equal(expected);
    };
    await eventually('the log tells of each Secret', isCounted);
    await holdsFor(1_000, isCounted);
    for (const namespace of namespaces) expect(await ownedOf(namespace)).to.equal('regcred');
  });

  it('finds the entry in the default ServiceAccount from its first moment', async () => {
    await served();
    const name = `${story.id}-new`;
    const watch = new AbortController();
    const states = follow(accountsIn(name), 'default', watch.signal);
    const first = states.next();
    await story.make(NAMESPACES_PATH, { metadata: { name, labels: story.selector.matchLabels } });
    const { imagePullSecrets, metadata } = (await first).value as AnyObject;
    watch.abort();
    expect(imagePullSecrets).to.deep.equal([{ name: 'regcred' }]);
    expect(metadata.annotations).to.deep.equal({ [PULL_SECRETS_ANNOTATION]: 'regcred' });
  });

  it('undoes what the policy gave while the RegistryCredential went, and after', async () => {
    const { namespace, credential } = await served();
    // Ten at a time, so that some are under way while the API server's caches are behind.
    const makeTen = async (round: number): Promise<number> => {
      const names = Array.from({ length: 10 }, (_, index) => `a${round}-${index}`);
      const made = await Promise.all(names.map(name => makeAccount(namespace, name)));
      return made.filter(({ imagePullSecrets }) => imagePullSecrets !== undefined).length;
    };
    expect(await makeTen(0)).to.equal(10);
    const deletion = remove(credentialPath(credential));
    let late = 0;
    for (let round = 1; round <= 6; round += 1) late += await makeTen(round);
    await deletion;
    console.log(`      ${late} of 60 were given the entry during the deletion or after it`);
    await isGone(credentialPath(credential));
    await areUnreferenced(namespace);
  });

  it('takes an entry away that comes from a stale cache when there is no RegistryCredential left', async () => {
    const { namespace, credential } = await served();
    await removeCredential(credential);
    await create(accountsIn(namespace), {
      metadata: { name: 'late', annotations: { [PULL_SECRETS_ANNOTATION]: 'regcred' } },
      imagePullSecrets: [{ name: 'regcred' }],
    });
    await areUnreferenced(namespace);
  });

  it('is not contradicted when it takes an entry back', async () => {
    const { namespace } = await served();
    const ask = await operatorIdentity();
    const path = serviceAccountPath(namespace, 'default');
    const body = { imagePullSecrets: null, metadata: { annotations: { [PULL_SECRETS_ANNOTATION]: null } } };
    const { status, body: answer } = await ask('PATCH', `${path}?dryRun=All`, {
      body,
      contentType: MERGE_PATCH,
    });
    expect(status).to.equal(200);
    expect(answer).not.to.have.property('imagePullSecrets');
    expect((await patch(path, body)).imagePullSecrets).to.deep.equal([{ name: 'regcred' }]);
  });

  it('has the policy keep out of a namespace where a foreign Secret stands', async function () {
    const { credential } = await served();
    const theirs = await story.namespace('theirs', { 'regcred.dev/sync': 'false' });
    await makeForeign(theirs);
    await setLabels(theirs, { 'regcred.dev/sync': null });
    await eventually('it is reported', async () =>
      expect((await failuresOf(credential)).map(({ namespace }) => namespace)).to.deep.equal([theirs]),
    );
    await willBeGivenIn(theirs, false);
    const mark = await markAuditLog(this);
    await makeAccount(theirs, 'new');
    await setAccountLabels(theirs, 'default', { written: 'again' });
    await holdsFor(500, async () => {
      expect(await accountWrites(mark)).to.deep.equal([]);
      for (const account of ['default', 'new'])
        expect(await pullSecretsOf(theirs, account)).to.deep.equal([]);
    });
  });

  it('takes the entry back once where status has no room for the namespace, and the policy lets it be', async function () {
    const { credential } = await served();
    const names = Array.from({ length: 11 }, (_, index) => `t${String(index).padStart(2, '0')}`);
    const all = await Promise.all(names.map(name => story.namespace(name, { 'regcred.dev/sync': 'false' })));
    for (const namespace of all) await makeForeign(namespace);
    for (const namespace of all) await setLabels(namespace, { 'regcred.dev/sync': null });
    const unnamed = all.at(-1) ?? '';
    await eventually('ten are named', async () =>
      expect((await failuresOf(credential)).map(({ namespace }) => namespace)).to.deep.equal(
        all.slice(0, 10),
      ),
    );
    await willBeGivenIn(unnamed);
    const mark = await markAuditLog(this);
    await makeAccount(unnamed, 'new');
    await areUnreferenced(unnamed);
    for (const value of ['1', '2', '3']) await setAccountLabels(unnamed, 'new', { written: value });
    await holdsFor(500, async () => {
      expect(await accountWrites(mark)).to.deep.equal([`patch serviceaccounts ${unnamed}/new`]);
      expect(await pullSecretsOf(unnamed, 'new')).to.deep.equal([]);
    });
  });

  it('alone gives what a failing source gave last', async () => {
    const { namespace, credential } = await served();
    await remove(secretPath(OPERATOR_NAMESPACE, credential));
    await isFailing(credential, 'LastKnownGoodServed');
    await willBeGivenIn(namespace, false);
    await makeAccount(namespace, 'later');
    await eventually('the operator gives it', async () =>
      expect(await pullSecretsOf(namespace, 'later')).to.deep.equal(['regcred']),
    );
  });

  it('and the policy give nothing where there is no login', async () => {
    const namespace = await story.namespace('a');
    const registries = [{ dockerConfig: { secretRef: { name: 'none' } } }];
    const credential = await story.credential('x', { registries });
    await isFailing(credential, 'SourceFailed');
    await makeAccount(namespace, 'new');
    await holdsFor(500, async () => {
      expect(await isGivenIn(namespace)).to.equal(false);
      expect(await pullSecretsOf(namespace, 'new')).to.deep.equal([]);
    });
  });

  it('leaves a hand-made entry unmarked, as the policy does', async () => {
    const { namespace } = await served();
    await create(accountsIn(namespace), {
      metadata: { name: 'mine' },
      imagePullSecrets: [{ name: 'regcred' }],
    });
    await setPullSecrets(namespace, 'regcred');
    await holdsFor(300, async () => expect(await ownedOf(namespace, 'mine')).to.equal(undefined));
    expect(await find(serviceAccountPath(namespace, 'mine'))).to.have.property('imagePullSecrets');
  });
});
