// What a thief of the operator's token would try first: to run something, to get another identity, to loosen what binds it.

import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { DOCKER_CONFIG_TYPE } from '../../src/api/names.ts';
import { OPERATOR_ACCOUNT, OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { rightsInManifests } from './granted-rights.ts';
import { kubectl } from './kubectl.ts';
import { stopOperator } from './operator.ts';
import { expectRefused, MERGE_PATCH, type OperatorIdentity, operatorIdentity } from './operator-identity.ts';
import { ownRights } from './rights-review.ts';

const HOME = `namespaces/${OPERATOR_NAMESPACE}`;
const container = { name: 'a', image: 'a' };
const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [container] } };
const workload = { metadata: { name: 'thief' }, spec: { selector: { matchLabels: { a: 'b' } }, template } };
const anything = { metadata: { name: 'thief' } };
const CLUSTER_ADMIN = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' };
const bound = { ...anything, roleRef: CLUSTER_ADMIN, subjects: [] };

/** Each with what is sent; the last part of a path is the object where there is one. */
const REFUSED: Readonly<Record<string, readonly (readonly [method: string, path: string, body?: object])[]>> =
  {
    'runs nothing': [
      ['POST', `/api/v1/${HOME}/pods`, { ...anything, spec: template.spec }],
      ['POST', '/api/v1/namespaces/kube-system/pods', { ...anything, spec: template.spec }],
      ['POST', `/apis/apps/v1/${HOME}/deployments`, workload],
      ['POST', '/apis/apps/v1/namespaces/default/daemonsets', workload],
      ['POST', `/apis/batch/v1/${HOME}/jobs`, { ...anything, spec: { template } }],
      ['PATCH', `/apis/apps/v1/${HOME}/deployments/regcred`, { spec: { replicas: 0 } }],
      ['POST', `/api/v1/${HOME}/pods/any/exec?command=sh`],
      ['POST', `/api/v1/${HOME}/pods/any/eviction`, anything],
    ],
    'gets no other identity': [
      ['POST', `/api/v1/${HOME}/serviceaccounts/${OPERATOR_ACCOUNT}/token`, { spec: {} }],
      ['POST', '/api/v1/namespaces/kube-system/serviceaccounts/namespace-controller/token', { spec: {} }],
      ['POST', '/apis/certificates.k8s.io/v1/certificatesigningrequests', anything],
      ['POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', bound],
      ['POST', `/apis/rbac.authorization.k8s.io/v1/${HOME}/rolebindings`, bound],
      ['PATCH', '/apis/rbac.authorization.k8s.io/v1/clusterroles/regcred', { rules: [] }],
    ],
    'loosens nothing that binds it': [
      ['DELETE', `${POLICIES()}/regcred-secrets`],
      ['DELETE', `${POLICIES('bindings')}/regcred-service-accounts`],
      ['PATCH', `${POLICIES()}/regcred-secrets`, { spec: { failurePolicy: 'Ignore' } }],
      ['POST', '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations', anything],
      [
        'PATCH',
        '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/registrycredentials.regcred.dev',
        {},
      ],
    ],
    'reads nothing else': [
      ['GET', `/api/v1/${HOME}/configmaps`],
      ['GET', '/api/v1/configmaps'],
      ['GET', '/api/v1/nodes'],
      ['GET', '/api/v1/nodes/any/proxy/'],
      ['GET', '/api/v1/persistentvolumes'],
      ['GET', `/api/v1/${HOME}/pods/any/log`],
      ['GET', '/apis/rbac.authorization.k8s.io/v1/clusterroles'],
      ['GET', '/metrics'],
    ],
  };

function POLICIES(kind: '' | 'bindings' = ''): string {
  const plural = kind === '' ? 'validatingadmissionpolicies' : 'validatingadmissionpolicybindings';
  return `/apis/admissionregistration.k8s.io/v1/${plural}`;
}

describe("the operator's identity, of all else,", () => {
  const namespace = `identity-${randomBytes(3).toString('hex')}`;
  let operator: OperatorIdentity;

  before(async () => {
    await stopOperator();
    await kubectl(['create', 'namespace', namespace]);
    operator = await operatorIdentity();
  });
  after(() => kubectl(['delete', 'namespace', namespace, '--wait=false']));

  for (const [title, asks] of Object.entries(REFUSED))
    it(title, async () => {
      for (const [method, path, body] of asks) {
        const contentType = method === 'PATCH' ? MERGE_PATCH : 'application/json';
        const answer = await operator(method, path, { ...(body && { body }), contentType });
        expectRefused(answer, / cannot /);
      }
    });

  it('speaks in nobody else’s name', async () => {
    for (const name of ['admin', 'system:serviceaccount:kube-system:namespace-controller'])
      expectRefused(
        await operator('GET', '/api/v1/namespaces', { headers: { 'impersonate-user': name } }),
        / cannot impersonate/,
      );
  });

  it('has the rights that the manifests give it, and what everybody has who is logged in', async () => {
    for (const where of [OPERATOR_NAMESPACE, 'default', 'kube-system', namespace]) {
      const expected = await rightsInManifests(where);
      expect(await ownRights(operator, where), where).to.deep.equal([...new Set(expected)].sort());
    }
  });

  it('can read a Secret of its name that somebody else made, which is why tenants are told', async () => {
    const data = { '.dockerconfigjson': Buffer.from('{"auths":{}}').toString('base64') };
    const metadata = { name: 'regcred' };
    const theirs = { apiVersion: 'v1', kind: 'Secret', metadata, type: DOCKER_CONFIG_TYPE, data };
    await kubectl(['-n', namespace, 'create', '-f', '-'], theirs);
    const path = `/api/v1/namespaces/${namespace}/secrets?fieldSelector=metadata.name%3Dregcred`;
    expect((await operator('GET', path)).body.items[0].data).to.deep.equal(data);
  });

  it('can change the spec of a RegistryCredential, for RBAC does not tell it from a finalizer', async () => {
    const registries = [{ server: 'a.example', basic: { secretRef: { name: 'a' } } }];
    const object = {
      apiVersion: 'regcred.dev/v1alpha1',
      kind: 'RegistryCredential',
      metadata: { name: namespace },
    };
    await kubectl(['create', '-f', '-'], { ...object, spec: { registries, suspend: true } });
    const path = `/apis/regcred.dev/v1alpha1/registrycredentials/${namespace}`;
    const patched = await operator('PATCH', path, {
      body: { spec: { namespaceSelector: {} } },
      contentType: MERGE_PATCH,
    });
    expect(patched.status, patched.message).to.equal(200);
    await kubectl(['delete', 'registrycredential', namespace]);
  });
});
