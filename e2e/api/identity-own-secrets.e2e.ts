// What the operator's own token may do with Secrets of its own namespace: keep logins there, in Secrets that cannot be
// taken for anything else, and touch nothing of what it reads there.

import { expect } from 'chai';
import { DOCKER_CONFIG_TYPE, INTERNAL_LABEL, KEPT_TYPE, MANAGED_BY_LABEL } from '../../src/api/names.ts';
import { secretsPathIn } from '../../src/controller/paths.ts';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { kubectl } from './kubectl.ts';
import { stopOperator } from './operator.ts';
import {
  type Answer,
  APPLY_PATCH,
  BY_POLICY,
  BY_RBAC,
  expectRefused,
  MERGE_PATCH,
  type OperatorIdentity,
  operatorIdentity,
} from './operator-identity.ts';

const SECRETS = secretsPathIn(OPERATOR_NAMESPACE);
const KEPT = `${SECRETS}/regcred-kept-of-the-identity`;
const labels = { [MANAGED_BY_LABEL]: 'regcred' };
const DOCKER = {
  metadata: { labels },
  type: DOCKER_CONFIG_TYPE,
  data: { '.dockerconfigjson': Buffer.from('{"auths":{}}').toString('base64') },
};
const kept = (more: object = {}) => ({
  metadata: { labels: { [INTERNAL_LABEL]: 'true' }, ...more },
  type: KEPT_TYPE,
});

describe("the operator's identity, at home,", () => {
  let operator: OperatorIdentity;

  before(async () => {
    await stopOperator();
    operator = await operatorIdentity();
  });

  const apply = (
    path: string,
    object: { metadata: object; data?: object },
    force = false,
  ): Promise<Answer> => {
    const metadata = { name: path.split('/').at(-1), ...object.metadata };
    return operator('PATCH', `${path}?fieldManager=regcred&force=${force}`, {
      body: { apiVersion: 'v1', kind: 'Secret', ...object, metadata },
      contentType: APPLY_PATCH,
    });
  };

  it('keeps logins in its own namespace: creates, updates and deletes Secrets of a type and a label of their own', async () => {
    const created = await apply(KEPT, kept());
    expect(created.status, created.message).to.equal(201);
    const { uid } = created.body.metadata;
    const updated = await apply(KEPT, { ...kept({ uid }), data: { 'logins.json': 'e30=' } }, true);
    expect(updated.status, updated.message).to.equal(200);
    expect(updated.body.metadata.uid).to.equal(uid);
    const deleted = await operator('DELETE', KEPT, { body: { preconditions: { uid } } });
    expect(deleted.status, deleted.message).to.equal(200);
  });

  it('neither makes nor changes, labels nor deletes any other Secret there', async () => {
    const why = /in its own namespace the operator may make only Secrets named regcred-kept-/;
    for (const [name, object] of Object.entries({
      'a-source': DOCKER,
      regcred: DOCKER,
      'not-the-prefix': kept(),
      'regcred-kept-bare': { ...kept(), metadata: {} },
      'regcred-kept-other': { ...kept(), type: 'Opaque' },
    }))
      expectRefused(await apply(`${SECRETS}/${name}`, object), BY_POLICY, why);
    const token = {
      type: 'kubernetes.io/service-account-token',
      metadata: {
        labels: { [INTERNAL_LABEL]: 'true' },
        annotations: { 'kubernetes.io/service-account.name': 'default' },
      },
    };
    expectRefused(await apply(`${SECRETS}/regcred-kept-token`, token), BY_POLICY, why);
    const posted = {
      apiVersion: 'v1',
      kind: 'Secret',
      ...{ ...DOCKER, metadata: { labels, name: 'posted' } },
    };
    expectRefused(await operator('POST', SECRETS, { body: posted }), BY_POLICY, why);
    const name = 'identity-source';
    await kubectl(['-n', OPERATOR_NAMESPACE, 'create', 'secret', 'generic', name, '--from-literal=a=b']);
    const source = `${SECRETS}/${name}`;
    const theirs = /may (change or delete only|make only)/;
    for (const metadata of [
      { annotations: { a: 'b' } },
      { labels: { [INTERNAL_LABEL]: 'true' } },
      { labels },
    ]) {
      const ask = { body: { metadata }, contentType: MERGE_PATCH };
      expectRefused(await operator('PATCH', source, ask), BY_POLICY, theirs);
    }
    expectRefused(await operator('DELETE', source), BY_POLICY, theirs);
    await kubectl(['-n', OPERATOR_NAMESPACE, 'delete', 'secret', name]);
    expectRefused(await operator('DELETE', SECRETS), BY_RBAC);
  });

  it('makes no source of what it keeps, and leaves it alone once its label is off', async () => {
    const created = await apply(KEPT, kept());
    expect(created.status, created.message).to.equal(201);
    const unlabel = { body: { metadata: { labels: { [INTERNAL_LABEL]: null } } }, contentType: MERGE_PATCH };
    expectRefused(await operator('PATCH', KEPT, unlabel), BY_POLICY, /may make only/);
    const name = KEPT.split('/').at(-1) ?? '';
    await kubectl(['-n', OPERATOR_NAMESPACE, 'label', 'secret', name, `${INTERNAL_LABEL}-`]);
    expectRefused(await operator('DELETE', KEPT), BY_POLICY, /may change or delete only/);
    await kubectl(['-n', OPERATOR_NAMESPACE, 'delete', 'secret', name]);
  });
});
