// What the operator's own token may do with Events: write them in one namespace, and nothing else.

import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { EVENT_NAMESPACE, eventObject } from '../../src/kube/event-object.ts';
import { kubectl } from './kubectl.ts';
import { stopOperator } from './operator.ts';
import {
  BY_RBAC,
  expectRefused,
  MERGE_PATCH,
  type OperatorIdentity,
  operatorIdentity,
} from './operator-identity.ts';

const name = `identity-${randomBytes(3).toString('hex')}`;
const eventsOf = (namespace: string, group = 'apis/events.k8s.io/v1') =>
  `/${group}/namespaces/${namespace}/events`;
const OWN = eventsOf(EVENT_NAMESPACE);
const event = (namespace: string) => {
  const draft = {
    object: { name: 'there-is-none', uid: 'u-1' },
    type: 'Normal',
    reason: 'Synced',
    action: 'Sync',
    note: 'a test',
  } as const;
  const regarding = { apiVersion: 'regcred.dev/v1alpha1', kind: 'RegistryCredential' };
  const origin = { regarding, reportingController: 'regcred.dev/operator', reportingInstance: 'test' };
  const object = eventObject(name, draft, origin, Date.now(), undefined) as { metadata: object };
  return { ...object, metadata: { name, namespace } };
};
const series = { count: 2, lastObservedTime: '2026-01-01T00:00:00.000000Z' };

describe("the operator's identity and Events", () => {
  let operator: OperatorIdentity;
  before(async () => {
    await stopOperator();
    operator = await operatorIdentity();
  });
  after(() => kubectl(['-n', EVENT_NAMESPACE, 'delete', 'event', name, '--ignore-not-found']));

  it('writes one, and counts its repetitions', async () => {
    const created = await operator('POST', OWN, { body: event(EVENT_NAMESPACE) });
    expect(created.status, created.message).to.equal(201);
    const patched = await operator('PATCH', `${OWN}/${name}`, { body: { series }, contentType: MERGE_PATCH });
    expect(patched.status, patched.message).to.equal(200);
    expect(patched.body.series).to.deep.equal(series);
  });

  it('neither reads nor replaces nor deletes one, its own included', async () => {
    for (const path of [OWN, `${OWN}?watch=true`, `${OWN}/${name}`, '/apis/events.k8s.io/v1/events'])
      expectRefused(await operator('GET', path), BY_RBAC);
    expectRefused(await operator('PUT', `${OWN}/${name}`, { body: event(EVENT_NAMESPACE) }), BY_RBAC);
    expectRefused(await operator('DELETE', `${OWN}/${name}`), BY_RBAC);
    expectRefused(await operator('DELETE', OWN), BY_RBAC);
  });

  for (const namespace of ['kube-system', 'regcred-system'])
    it(`writes none in ${namespace}`, async () => {
      expectRefused(await operator('POST', eventsOf(namespace), { body: event(namespace) }), BY_RBAC);
      const patch = { body: { series }, contentType: MERGE_PATCH };
      expectRefused(await operator('PATCH', `${eventsOf(namespace)}/${name}`, patch), BY_RBAC);
    });

  it('writes none of the older kind', async () => {
    expectRefused(await operator('POST', eventsOf(EVENT_NAMESPACE, 'api/v1'), { body: {} }), BY_RBAC);
  });
});
