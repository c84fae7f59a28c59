// What tenants may do in their own namespaces, by mistake or on purpose: it must harm
// nobody else, and whatever is ours is still found and undone.

import { expect } from 'chai';
import { DOCKER_CONFIG_KEY, HANDED_OVER_ANNOTATION, PULL_SECRETS_ANNOTATION } from '../../src/api/names.ts';
import { NAMESPACES_PATH, secretPath, serviceAccountPath } from '../../src/controller/paths.ts';
import { type AnyObject, create, patch } from './admin.ts';
import { eventually, holdsFor } from './eventually.ts';
import { operator, restartOperator } from './operator.ts';
import { isUnreferenced, KEPT_OUT, LOGIN, LOGINS, oneLogin, removeCredential } from './ownership.ts';
import { dockerConfig, ownedOf, pullSecretsOf, Scenario, setLabels } from './scenario.ts';
import { isClean, isServed, secretIn, setSource, uidIn } from './served.ts';

/** Milliseconds in which a running operator would have written many times. */
const LONG = 700;

describe('a tenant', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    // The list is sorted by namespace: what comes first is met first.
    story = new Scenario('a-tenant');
  });
  afterEach(() => story.end());

  const accountPulling = (namespace: string, name: string, ...pullSecrets: string[]): Promise<AnyObject> =>
    create(`${NAMESPACES_PATH}/${namespace}/serviceaccounts`, {
      metadata: { name },
      imagePullSecrets: pullSecrets.map(one => ({ name: one })),
    });

  /** The API server leaves out an empty name. */
  const listOf = async (namespace: string, account: string): Promise<string[]> =>
    (await pullSecretsOf(namespace, account)).map(name => name ?? '');

  it('whose pull secrets have strange names keeps no namespace from being served', async () => {
    const strange: Record<string, string[]> = {
      empty: [''],
      one: ['p,q'],
      ours: ['x,regcred'],
      tail: ['p,'],
    };
    const evil = await story.namespace('evil', KEPT_OUT);
    const good = [await story.namespace('good'), await story.namespace('more')];
    await restartOperator(async () => {
      for (const [name, list] of Object.entries(strange)) await accountPulling(evil, name, ...list);
      for (const namespace of good) {
        await accountPulling(namespace, 'two', 'p', 'q');
        await accountPulling(namespace, 'x', 'x');
      }
      await oneLogin(story, 'x');
    });
    for (const namespace of good) {
      await isServed(namespace, LOGINS);
      await eventually(`${namespace} has its references behind those of others`, async () => {
        expect(await listOf(namespace, 'two')).to.deep.equal(['p', 'q', 'regcred']);
        expect(await listOf(namespace, 'x')).to.deep.equal(['x', 'regcred']);
      });
    }
    for (const [name, list] of Object.entries(strange)) {
      expect(await listOf(evil, name)).to.deep.equal(list);
      expect(await ownedOf(evil, name)).to.equal(undefined);
    }
  });

  it('whose own accounts have such names gets the login for them too, and all of it is undone', async () => {
    const namespace = await story.namespace('strange');
    await accountPulling(namespace, 'empty', '');
    await accountPulling(namespace, 'one', 'p,q', 'x,regcred');
    const credential = await oneLogin(story, 'x');
    await isServed(namespace, LOGINS);
    await eventually('both have the reference', async () => {
      expect(await listOf(namespace, 'empty')).to.deep.equal(['', 'regcred']);
      expect(await listOf(namespace, 'one')).to.deep.equal(['p,q', 'x,regcred', 'regcred']);
    });
    await removeCredential(credential);
    expect(await listOf(namespace, 'empty')).to.deep.equal(['']);
    expect(await listOf(namespace, 'one')).to.deep.equal(['p,q', 'x,regcred']);
  });

  it('who strips the managedFields of our Secret leaves it ours: it is deleted, not released', async () => {
    const [idle, renewed] = [await story.namespace('idle'), await story.namespace('renewed')];
    const credential = await oneLogin(story, 'x');
    for (const namespace of [idle, renewed]) await isServed(namespace, LOGINS);
    const uid = await uidIn(renewed);
    const strip = async (namespace: string): Promise<void> => {
      await patch(secretPath(namespace, 'regcred'), { metadata: { managedFields: [{}] } });
      await holdsFor(LONG, async () => {
        const { annotations } = (await secretIn(namespace)).metadata;
        expect(annotations).not.to.have.property(HANDED_OVER_ANNOTATION);
      });
    };
    await strip(idle);
    await setLabels(idle, KEPT_OUT);
    await isClean(idle);
    await strip(renewed);
    await setSource(credential, { [DOCKER_CONFIG_KEY]: dockerConfig([{ ...LOGIN, password: 'newer' }]) });
    await isServed(renewed, { [LOGIN.server]: [LOGIN.username, 'newer'] });
    expect(await uidIn(renewed)).to.equal(uid);
    await removeCredential(credential);
    await isClean(renewed);
  });

  describe('who writes names into our annotation that are neither served nor in the list', () => {
    let namespace: string;
    let credential: string;
    beforeEach(async () => {
      namespace = await story.namespace('a');
      credential = await oneLogin(story, 'x');
      await isServed(namespace, LOGINS);
    });
    const annotate = (value: string): Promise<AnyObject> =>
      patch(serviceAccountPath(namespace, 'default'), {
        metadata: { annotations: { [PULL_SECRETS_ANNOTATION]: value } },
      });

    it('sees them taken off again, and no annotation is left after undo', async () => {
      await annotate('foo,bar,regcred');
      await eventually('only ours is named', async () =>
        expect(await ownedOf(namespace)).to.equal('regcred'),
      );
      expect(await pullSecretsOf(namespace)).to.deep.equal(['regcred']);
      await removeCredential(credential);
      await isUnreferenced(namespace);
    });

    it('has the entry for his own when ours is not among them', async () => {
      await annotate('foo,bar');
      await eventually('nothing is named', async () => expect(await ownedOf(namespace)).to.equal(undefined));
      await removeCredential(credential);
      await isUnreferenced(namespace, 'regcred');
    });
  });
});
