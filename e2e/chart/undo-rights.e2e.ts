// What the pod that undoes everything before an uninstallation may do, and what not. Its identity is there for that moment
// only; here it is there longer, and somebody has its token.

import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { eventually } from '../api/eventually.ts';
import { countingIn, type Right, rightsOfRoles } from '../api/granted-rights.ts';
import { kubectl } from '../api/kubectl.ts';
import { stopOperator } from '../api/operator.ts';
import { BY_RBAC, expectRefused, MERGE_PATCH, operatorIdentity } from '../api/operator-identity.ts';
import { ownRights } from '../api/rights-review.ts';
import { cellsOf, rows } from '../api/security-page.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { type Helm, helmFor, isHook } from './helm.ts';

const NAME = `undo-${randomBytes(3).toString('hex')}`;
const HOME = `namespaces/${OPERATOR_NAMESPACE}`;
const CREDENTIALS = '/apis/regcred.dev/v1alpha1/registrycredentials';
const LEASES = `/apis/coordination.k8s.io/v1/${HOME}/leases`;
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const anything = { metadata: { name: 'thief' } };
const container = { name: 'a', image: 'a' };
const bound = {
  ...anything,
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [],
};
const credential = {
  apiVersion: 'regcred.dev/v1alpha1',
  kind: 'RegistryCredential',
  metadata: { name: NAME },
  spec: { suspend: true, registries: [{ dockerConfig: { secretRef: { name: 'none' } } }] },
};

type Asked = readonly [method: string, path: string, body?: object];
const REFUSED: Readonly<Record<string, readonly Asked[]>> = {
  'reads no Secret, neither a source nor what is handed out': [
    ['GET', '/api/v1/secrets'],
    ['GET', '/api/v1/secrets?fieldSelector=metadata.name%3Dregcred'],
    ['GET', `/api/v1/${HOME}/secrets`],
    ['GET', `/api/v1/${HOME}/secrets?watch=true`],
    ['GET', `/api/v1/${HOME}/secrets/regcred`],
    ['GET', '/api/v1/namespaces/default/secrets'],
  ],
  'writes no Secret and no ServiceAccount': [
    ['POST', `/api/v1/${HOME}/secrets`, anything],
    ['PATCH', '/api/v1/namespaces/default/secrets/regcred', { data: {} }],
    ['DELETE', '/api/v1/namespaces/default/secrets/regcred'],
    ['PATCH', '/api/v1/namespaces/default/serviceaccounts/default', { imagePullSecrets: [] }],
  ],
  'neither makes nor changes a RegistryCredential, nor takes its finalizer off': [
    ['POST', CREDENTIALS, { ...credential, ...anything }],
    ['PATCH', `${CREDENTIALS}/${NAME}`, { metadata: { finalizers: null } }],
    ['PATCH', `${CREDENTIALS}/${NAME}`, { spec: { suspend: false } }],
    ['PATCH', `${CREDENTIALS}/${NAME}/status`, { status: {} }],
    ['DELETE', CREDENTIALS],
  ],
  'takes the Lease from nobody': [
    ['GET', LEASES],
    ['GET', `${LEASES}/another`],
    ['PATCH', `${LEASES}/regcred`, { spec: { holderIdentity: 'thief' } }],
    ['DELETE', `${LEASES}/regcred`],
    ['GET', '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'],
  ],
  'runs nothing, and gets no other identity': [
    ['POST', `/api/v1/${HOME}/pods`, { ...anything, spec: { containers: [container] } }],
    ['GET', `/api/v1/${HOME}/pods/any/log`],
    ['POST', `/api/v1/${HOME}/serviceaccounts/regcred/token`, { spec: {} }],
    ['POST', `${RBAC}/clusterrolebindings`, bound],
    ['PATCH', `${RBAC}/clusterroles/regcred-undo`, { rules: [] }],
  ],
};

describe('the identity of the hook that uninstalls', () => {
  let helm: Helm;
  let rights: Right[];
  let roles: object;
  let undo: Awaited<ReturnType<typeof operatorIdentity>>;

  before(async function () {
    helm = await helmFor(this, 4);
    await stopOperator();
    const rendered = await helm.rendered({ uninstall: { undo: true } });
    const hooks = rendered.filter(one => isHook(one) && one.kind !== 'Job');
    rights = rightsOfRoles(hooks as unknown as Parameters<typeof rightsOfRoles>[0]);
    roles = { apiVersion: 'v1', kind: 'List', items: hooks };
    await kubectl(['apply', '-f', '-'], roles);
    await kubectl(['create', '-f', '-'], credential);
    undo = await operatorIdentity('regcred-undo');
    await eventually('its roles are in force', async () => {
      expect((await undo('GET', CREDENTIALS)).status).to.equal(200);
      expect((await undo('GET', `${LEASES}/regcred`)).status).to.be.oneOf([200, 404]);
    });
  });
  after(async () => {
    if (roles !== undefined) await kubectl(['delete', '-f', '-'], roles);
    await kubectl(['delete', 'registrycredential', NAME, '--ignore-not-found', '--wait=false']);
    await helm?.end();
  });

  for (const [title, asks] of Object.entries(REFUSED))
    it(title, async () => {
      for (const [method, path, body] of asks) {
        const contentType = method === 'PATCH' ? MERGE_PATCH : 'application/json';
        expectRefused(await undo(method, path, { ...(body && { body }), contentType }), BY_RBAC);
      }
    });

  it('has the rights that docs/security.md has a reason for, and what everybody has who is logged in', async () => {
    const documented = rows('What uninstalls it');
    const inWords = (some: string[][]) => some.map(cells => cells.slice(0, 4).join(' | ')).sort();
    expect(inWords(documented)).to.deep.equal(inWords(rights.map(cellsOf)));
    for (const cells of documented) expect(cells[4], cells.join(' | ')).to.match(/\w/);
    for (const where of [OPERATOR_NAMESPACE, 'default', 'kube-system'])
      expect(await ownRights(undo, where), where).to.deep.equal(countingIn(where, rights).sort());
  });

  it('deletes a RegistryCredential, and that is all it can do to one', async () => {
    expect((await undo('DELETE', `${CREDENTIALS}/${NAME}`)).status).to.equal(200);
    expect(await kubectl(['get', 'registrycredential', NAME, '--ignore-not-found'])).to.equal('');
  });
});
