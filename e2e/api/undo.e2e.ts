// Undo is exact: whatever the operator gave goes with the RegistryCredential, references first, and
// the finalizer holds until the last namespace is clean.

import { expect } from 'chai';
import { FINALIZER } from '../../src/api/names.ts';
import {
  credentialPath,
  NAMESPACES_PATH,
  secretPath,
  serviceAccountPath,
} from '../../src/controller/paths.ts';
import { OPERATOR_ACCOUNT, OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { create, patch, read, remove } from './admin.ts';
import { type AuditedRequest, markAuditLog, writesSince } from './audit.ts';
import { eventually, holdsFor } from './eventually.ts';
import { operator, restartOperator } from './operator.ts';
import { failuresOf, isGone, isUnreferenced, LOGINS, oneLogin, removeCredential } from './ownership.ts';
import { Scenario } from './scenario.ts';
import { isReady, isServed, isUntouched, makeAccount, secretIn } from './served.ts';

const ROLE = '/apis/rbac.authorization.k8s.io/v1/clusterroles/regcred';

describe('a RegistryCredential that is deleted', () => {
  let story: Scenario;
  before(operator);
  beforeEach(() => {
    story = new Scenario('undo');
  });
  afterEach(() => story.end());

  const manyServed = async (count: number): Promise<string[]> => {
    const names = Array.from({ length: count }, (_, index) => `n${index}`);
    const namespaces = await Promise.all(names.map(name => story.namespace(name)));
    await Promise.all(namespaces.map(namespace => makeAccount(namespace, 'builder')));
    return namespaces;
  };

  it('is held until 50 namespaces are clean, references before Secrets', async function () {
    const namespaces = await manyServed(50);
    const credential = await oneLogin(story, 'x');
    for (const namespace of namespaces) await isServed(namespace, LOGINS);
    await isReady(credential, 'True Synced');
    const mark = await markAuditLog(this);
    await remove(credentialPath(credential));
    const began = performance.now();
    await isGone(credentialPath(credential));
    console.log(`      50 namespaces were undone after ${Math.round(performance.now() - began)} ms`);
    for (const namespace of namespaces) await isUntouched(namespace);
    await eventually('the log tells of each Secret', async () =>
      isInOrder(await writesSince(mark), namespaces),
    );
  });

  function isInOrder(writes: readonly AuditedRequest[], namespaces: readonly string[]): void {
    const done = writes.filter(({ code }) => code === 200);
    for (const namespace of namespaces) {
      const of = (what: string): AuditedRequest[] => done.filter(one => one.what.startsWith(what));
      const references = of(`patch serviceaccounts ${namespace}/`);
      const [secret, ...more] = of(`delete secrets ${namespace}/`);
      expect(references, namespace).to.have.length(2);
      expect(more, namespace).to.deep.equal([]);
      const last = Math.max(...references.map(({ answered }) => answered));
      expect(secret?.received, `${namespace}: its Secret goes last`).to.be.at.least(last);
    }
  }

  /** It learns of a ClusterRole by a watch. */
  const mayDelete = async (namespace: string): Promise<boolean> => {
    const operator = `system:serviceaccount:${OPERATOR_NAMESPACE}:${OPERATOR_ACCOUNT}`;
    const { status } = await create('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
      spec: {
        user: operator,
        resourceAttributes: { verb: 'delete', resource: 'secrets', name: 'regcred', namespace },
      },
    });
    return status.allowed;
  };

  it('stays while one namespace is not clean, and goes as soon as it is', async () => {
    const namespace = await story.namespace('a');
    const credential = await oneLogin(story, 'x');
    await isServed(namespace, LOGINS);
    const { rules } = await read(ROLE);
    const mayNotDelete = rules.map((rule: { verbs: string[] }) => ({
      ...rule,
      verbs: rule.verbs.filter(verb => verb !== 'delete'),
    }));
    await patch(ROLE, { rules: mayNotDelete });
    try {
      await eventually('the API server knows', async () =>
        expect(await mayDelete(namespace)).to.equal(false),
      );
      await remove(credentialPath(credential));
      await eventually('references go first', () => isUnreferenced(namespace));
      await holdsFor(500, async () => {
        expect((await read(credentialPath(credential))).metadata.finalizers).to.deep.equal([FINALIZER]);
        await secretIn(namespace);
      });
      await eventually('status says where and why', async () => {
        const [{ message = '', ...failure } = {}] = await failuresOf(credential);
        expect(failure).to.deep.equal({ namespace, reason: 'Forbidden' });
        expect(message).to.contain('RBAC').and.to.contain('cannot delete resource "secrets"');
        expect(await isReady(credential, 'False Deleting')).to.contain(`undone; ${namespace}: ${message}`);
      });
    } finally {
      await patch(ROLE, { rules });
    }
    await isGone(credentialPath(credential));
    await isUntouched(namespace);
  });

  it('has left a finalizer on nothing but itself, and no owner reference anywhere', async () => {
    const namespace = await story.namespace('a');
    const credential = await oneLogin(story, 'x');
    await isServed(namespace, LOGINS);
    await isReady(credential, 'True Synced');
    expect((await read(credentialPath(credential))).metadata.finalizers).to.deep.equal([FINALIZER]);
    for (const path of [
      `${NAMESPACES_PATH}/${namespace}`,
      secretPath(namespace, 'regcred'),
      serviceAccountPath(namespace, 'default'),
    ]) {
      const { metadata } = await read(path);
      expect(metadata, path).not.to.have.any.keys('finalizers', 'ownerReferences');
    }
  });

  it('is undone by the next operator when none ran', async () => {
    const namespaces = [await story.namespace('a'), await story.namespace('b')];
    const credential = await oneLogin(story, 'x');
    for (const namespace of namespaces) await isServed(namespace, LOGINS);
    await restartOperator(async () => {
      await remove(credentialPath(credential));
      expect((await read(credentialPath(credential))).metadata.finalizers).to.deep.equal([FINALIZER]);
      for (const namespace of namespaces) await secretIn(namespace);
    });
    await isGone(credentialPath(credential));
    for (const namespace of namespaces) await isUntouched(namespace);
  });

  it('is not held by a namespace that is being deleted', async () => {
    const [stays, goes] = [await story.namespace('stays'), await story.namespace('goes')];
    const credential = await oneLogin(story, 'x');
    await isServed(stays, LOGINS);
    await isServed(goes, LOGINS);
    const blocker = `${NAMESPACES_PATH}/${goes}/configmaps`;
    await story.make(blocker, { metadata: { name: 'blocker', finalizers: ['example.com/wait'] } });
    await Promise.all([remove(`${NAMESPACES_PATH}/${goes}`), remove(credentialPath(credential))]);
    await isGone(credentialPath(credential));
    await isUntouched(stays);
    expect((await read(`${NAMESPACES_PATH}/${goes}`)).status.phase).to.equal('Terminating');
    await patch(`${blocker}/blocker`, { metadata: { finalizers: null } });
  });

  it('may come back at once under the same name', async () => {
    const namespace = await story.namespace('a');
    const credential = await oneLogin(story, 'x');
    await isServed(namespace, LOGINS);
    await removeCredential(credential);
    await isUntouched(namespace);
    await story.credential('x', { registries: [{ dockerConfig: { secretRef: { name: credential } } }] });
    await isServed(namespace, LOGINS);
    await isReady(credential, 'True Synced');
  });
});
