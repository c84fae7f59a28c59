// The tests run the operator under exactly the manifests: here is what is changed of them, and no more.

import { expect } from 'chai';
import { forSecretNames, IN_COMPONENT, parseManifests, toList, withoutDeployment } from './manifests.ts';

const TEXT = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: regcred}
rules:
  - {resources: [secrets], resourceNames: [regcred], verbs: [list]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: regcred-service-accounts}
spec: {variables: [{name: secretNames, expression: "['regcred']"}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: regcred}
`;

describe('the manifests for a local operator', () => {
  it('leave out the Deployment and nothing else', () => {
    const kinds = withoutDeployment(parseManifests(TEXT)).map(({ kind }) => kind);
    expect(kinds).to.deep.equal(['ClusterRole', 'ValidatingAdmissionPolicy']);
  });

  it('take further Secret names in RBAC and in the policy', () => {
    const [role, policy] = forSecretNames(parseManifests(TEXT), ['regcred', 'other']);
    expect(role?.rules).to.deep.equal([
      { resources: ['secrets'], resourceNames: ['regcred', 'other'], verbs: ['list'] },
    ]);
    expect(policy?.spec).to.deep.equal({
      variables: [{ name: 'secretNames', expression: "['regcred', 'other']" }],
    });
  });

  it('take them in the policy of a component', () => {
    const [, policy] = parseManifests(TEXT);
    const [changed] = forSecretNames(policy ? [policy] : [], ['other'], IN_COMPONENT);
    expect(changed?.spec).to.deep.equal({ variables: [{ name: 'secretNames', expression: "['other']" }] });
    expect(() => forSecretNames(parseManifests(TEXT), ['other'], IN_COMPONENT)).to.throw(/stand elsewhere/);
  });

  it('are refused when the Secret names stand elsewhere', () => {
    const text = TEXT.replace('resourceNames: [regcred], ', '');
    expect(() => forSecretNames(parseManifests(text), ['other'])).to.throw(/stand elsewhere/);
  });

  it('are one list for kubectl', () => {
    const list = JSON.parse(toList(parseManifests('kind: A\n---\n---\nkind: B\n')));
    expect(list).to.deep.equal({ apiVersion: 'v1', kind: 'List', items: [{ kind: 'A' }, { kind: 'B' }] });
  });
});
