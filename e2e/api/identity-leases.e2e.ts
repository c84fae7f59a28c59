// What the operator's own token may do with Leases, by which its replicas agree on the one that writes.

import { expect } from 'chai';
import { LEASE } from '../../src/api/names.ts';
import { leasesPath } from '../../src/kube/lease-store.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { stopOperator } from './operator.ts';
import { BY_RBAC, expectRefused, type OperatorIdentity, operatorIdentity } from './operator-identity.ts';

const OWN = leasesPath(OPERATOR_NAMESPACE);
const ELSEWHERE = leasesPath('kube-node-lease');
const lease = (name: string) => ({ body: { metadata: { name }, spec: { holderIdentity: 'x' } } });

describe("the operator's identity and Leases", () => {
  let operator: OperatorIdentity;
  before(async () => {
    await stopOperator();
    operator = await operatorIdentity();
  });

  it('takes, reads and gives back its own', async () => {
    const made = await operator('POST', OWN, lease(LEASE));
    expect(made.status, 'made, or made before').to.be.oneOf([201, 409]);
    const { status, body } = await operator('GET', `${OWN}/${LEASE}`);
    expect(status).to.equal(200);
    const given = { ...body, spec: { ...body.spec, holderIdentity: '' } };
    expect((await operator('PUT', `${OWN}/${LEASE}`, { body: given })).status).to.equal(200);
  });

  it('touches no other one of its namespace', async () => {
    for (const method of ['GET', 'PUT', 'DELETE'])
      expectRefused(await operator(method, `${OWN}/other`, lease('other')), BY_RBAC);
    expectRefused(await operator('DELETE', `${OWN}/${LEASE}`), BY_RBAC);
    expectRefused(await operator('GET', OWN), BY_RBAC);
  });

  it('touches none of another namespace, such as those by which nodes are known to live', async () => {
    expectRefused(await operator('POST', ELSEWHERE, lease(LEASE)), BY_RBAC);
    for (const method of ['GET', 'PUT', 'DELETE'])
      expectRefused(await operator(method, `${ELSEWHERE}/${LEASE}`, lease(LEASE)), BY_RBAC);
  });
});
