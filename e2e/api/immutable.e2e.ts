// Secrets that cannot be made right in place: they are reported, left as they are and not tried
// again, for deleting and making them anew would cost the kubelet's memory of them.

import { expect } from 'chai';
import { DOCKER_CONFIG_KEY, MANAGED_BY } from '../../src/api/names.ts';
import { secretPath } from '../../src/controller/paths.ts';
import { type AnyObject, find, patch } from './admin.ts';
import { markAuditLog, writesSince } from './audit.ts';
import { eventually, holdsFor } from './eventually.ts';
import { kubectl } from './kubectl.ts';
import { operator } from './operator.ts';
import {
  failuresOf,
  HANDED_OVER,
  hasCondition,
  isUnreferenced,
  LOGIN,
  LOGINS,
  makeForeign,
  oneLogin,
  removeCredential,
  setManagedBy,
} from './ownership.ts';
import { dockerConfig, Scenario, statusOf } from './scenario.ts';
import { isReady, isServed, isUntouched, secretIn, setSource } from './served.ts';

const NEWER = { ...LOGIN, password: 'not-a-real-one-either' };
const NEWER_LOGINS = { 'private-registry.io': ['registry-user', 'not-a-real-one-either'] } as const;

describe('a Secret that cannot be changed', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('immutable');
  });
  afterEach(() => story.end());

  const freeze = (namespace: string): Promise<AnyObject> =>
    patch(secretPath(namespace, 'regcred'), { immutable: true });
  /** The source has the name of its RegistryCredential. */
  const renew = (credential: string): Promise<AnyObject> =>
    setSource(credential, { [DOCKER_CONFIG_KEY]: dockerConfig([NEWER]) });
  const isReported = (credential: string, namespace: string, reason: string): Promise<string> =>
    eventually(`${credential} reports ${namespace} as ${reason}`, async () => {
      const [failure, ...others] = await failuresOf(credential);
      expect([failure?.namespace, failure?.reason, others]).to.deep.equal([namespace, reason, []]);
      return failure?.message ?? '';
    });

  it('for it is immutable is reported when it is outdated, and keeps its references', async () => {
    const [frozen, other] = [await story.namespace('frozen'), await story.namespace('other')];
    const credential = await oneLogin(story, 'x');
    await isServed(frozen, LOGINS);
    const before = await freeze(frozen);
    await renew(credential);
    await isServed(other, NEWER_LOGINS);
    const message = await isReported(credential, frozen, 'ImmutableSecret');
    await isReady(credential, 'True Synced');
    await hasCondition(credential, 'Conflict', 'True ImmutableSecret');
    expect((await statusOf(credential)).namespaces.summary).to.equal('1/2');
    await isServed(frozen, LOGINS);
    expect(await secretIn(frozen)).to.deep.equal(before);
    await kubectl(message.slice(message.indexOf('kubectl ') + 'kubectl '.length).split(' '));
    await isServed(frozen, NEWER_LOGINS);
    await hasCondition(credential, 'Conflict', undefined);
  });

  it('for it is immutable is not tried again until it changes', async function () {
    const frozen = await story.namespace('frozen');
    const credential = await oneLogin(story, 'x');
    // Ready comes after the last write, which hands the list of the ServiceAccount back.
    await isReady(credential, 'True Synced');
    await freeze(frozen);
    const mark = await markAuditLog(this);
    await renew(credential);
    await isReady(credential, 'False Conflict');
    await holdsFor(1_500, async () => {
      const writes = await writesSince(mark);
      expect(writes.filter(({ what }) => what.includes(frozen))).to.deep.equal([]);
    });
  });

  it('is well while it is up to date, and goes at the end', async () => {
    const frozen = await story.namespace('frozen');
    const credential = await oneLogin(story, 'x');
    await isServed(frozen, LOGINS);
    await isReady(credential, 'True Synced');
    await freeze(frozen);
    await holdsFor(500, async () => expect((await statusOf(credential)).failures).to.deep.equal([]));
    await removeCredential(credential);
    await isUntouched(frozen);
  });

  it('goes at the end also when it is outdated', async () => {
    const frozen = await story.namespace('frozen');
    const credential = await oneLogin(story, 'x');
    await isServed(frozen, LOGINS);
    await freeze(frozen);
    await renew(credential);
    await isReady(credential, 'False Conflict');
    await removeCredential(credential);
    await isUntouched(frozen);
  });

  it('for it is immutable and was handed over is released at the end with what it held', async () => {
    const theirs = await story.namespace('theirs');
    const { data, metadata } = await makeForeign(theirs, undefined, { immutable: true });
    const credential = await oneLogin(story, 'x');
    await isReported(credential, theirs, 'ForeignSecret');
    await setManagedBy(theirs, MANAGED_BY);
    await isReported(credential, theirs, 'ImmutableSecret');
    await isUnreferenced(theirs);
    await removeCredential(credential);
    const released = await secretIn(theirs);
    expect(released.data).to.deep.equal(data);
    expect(released.metadata.uid).to.equal(metadata.uid);
    expect(released.metadata.labels).to.deep.equal({ team: 'theirs' });
    await isUnreferenced(theirs);
  });

  it('for it is of another type is reported and left with our label on it, also at the end', async () => {
    const [wrong, other] = [await story.namespace('wrong'), await story.namespace('other')];
    const opaque = await makeForeign(wrong, { a: '' }, { ...HANDED_OVER, type: 'Opaque' });
    const credential = await oneLogin(story, 'x');
    await isServed(other, LOGINS);
    const message = await isReported(credential, wrong, 'WrongSecretType');
    expect(message).to.contain('is of type Opaque, not kubernetes.io/dockerconfigjson');
    expect(message).to.contain(`kubectl -n ${wrong} delete secret regcred`);
    await isReady(credential, 'True Synced');
    await hasCondition(credential, 'Conflict', 'True WrongSecretType');
    await isUnreferenced(wrong);
    await removeCredential(credential);
    expect(await find(secretPath(wrong, 'regcred'))).to.deep.equal(opaque);
    await isUntouched(other);
  });
});
