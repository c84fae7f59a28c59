// The imagePullSecrets of a ServiceAccount belong to many: whatever the operator did not add
// itself stays there, in its order, and is never marked as the operator's.

import { expect } from 'chai';
import { PULL_SECRETS_ANNOTATION } from '../../src/api/names.ts';
import { serviceAccountPath } from '../../src/controller/paths.ts';
import { patch, read } from './admin.ts';
import { eventually, holdsFor } from './eventually.ts';
import { operator } from './operator.ts';
import {
  isUnreferenced,
  LOGINS,
  makeForeign,
  oneLogin,
  removeCredential,
  setPullSecrets,
} from './ownership.ts';
import { loginsIn, ownedOf, pullSecretsOf, Scenario } from './scenario.ts';
import { isReady } from './served.ts';

describe('an entry of imagePullSecrets', () => {
  let story: Scenario;
  let namespace: string;
  before(operator);
  beforeEach(async () => {
    story = new Scenario('entries');
    namespace = await story.namespace('a');
  });
  afterEach(() => story.end());

  const hasEntries = (...expected: string[]): Promise<void> =>
    eventually(`the entries are ${expected}`, async () => {
      expect(await loginsIn(namespace)).to.deep.equal(LOGINS);
      expect(await pullSecretsOf(namespace)).to.deep.equal(expected);
    });

  it('of our name that stood there before us is never marked, and stays', async () => {
    await setPullSecrets(namespace, 'theirs', 'regcred', 'other');
    const before = await read(serviceAccountPath(namespace, 'default'));
    const credential = await oneLogin(story, 'x');
    await hasEntries('theirs', 'regcred', 'other');
    await isReady(credential, 'True Synced');
    expect(await read(serviceAccountPath(namespace, 'default'))).to.deep.equal(before);
    await removeCredential(credential);
    expect(await loginsIn(namespace)).to.equal(undefined);
    expect(await read(serviceAccountPath(namespace, 'default'))).to.deep.equal(before);
  });

  it('of somebody else keeps its place, before us and behind us', async () => {
    await setPullSecrets(namespace, 'z', 'a', 'z');
    const credential = await oneLogin(story, 'x');
    await hasEntries('z', 'a', 'z', 'regcred');
    expect(await ownedOf(namespace)).to.equal('regcred');
    await setPullSecrets(namespace, 'a', 'regcred', 'm', 'b');
    await holdsFor(300, () => hasEntries('a', 'regcred', 'm', 'b'));
    await removeCredential(credential);
    await isUnreferenced(namespace, 'a', 'm', 'b');
  });

  it('of our name that somebody adds beside ours stays when ours goes', async () => {
    const credential = await oneLogin(story, 'x');
    await hasEntries('regcred');
    await setPullSecrets(namespace, 'regcred', 'theirs', 'regcred');
    await holdsFor(300, () => hasEntries('regcred', 'theirs', 'regcred'));
    await removeCredential(credential);
    await isUnreferenced(namespace, 'regcred', 'theirs');
  });

  it('from which our annotation is taken is the user’s from then on', async () => {
    const credential = await oneLogin(story, 'x');
    await hasEntries('regcred');
    await eventually('it is marked', async () => {
      expect(await ownedOf(namespace)).to.equal('regcred');
    });
    await patch(serviceAccountPath(namespace, 'default'), {
      metadata: { annotations: { [PULL_SECRETS_ANNOTATION]: null } },
    });
    await holdsFor(300, () => isUnreferenced(namespace, 'regcred'));
    await removeCredential(credential);
    expect(await loginsIn(namespace)).to.equal(undefined);
    await isUnreferenced(namespace, 'regcred');
  });

  it('that a tenant made for a Secret of their own is left with it', async () => {
    await makeForeign(namespace);
    await setPullSecrets(namespace, 'regcred');
    const before = await read(serviceAccountPath(namespace, 'default'));
    const credential = await oneLogin(story, 'x');
    await isReady(credential, 'False Conflict');
    await removeCredential(credential);
    expect(await read(serviceAccountPath(namespace, 'default'))).to.deep.equal(before);
  });
});
