// What the operator's own token may change of a ServiceAccount on a real API server: its own entries of
// imagePullSecrets and its own annotation, and nothing else, by service-account-policy.yaml.

import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { PULL_SECRETS_ANNOTATION } from '../../src/api/names.ts';
import { kubectl, kubectlJson } from './kubectl.ts';
import { stopOperator } from './operator.ts';
import {
  BY_POLICY,
  BY_RBAC,
  expectRefused,
  MERGE_PATCH,
  type OperatorIdentity,
  operatorIdentity,
} from './operator-identity.ts';

const entries = (...names: string[]) => names.map(name => ({ name }));
const metadata = {
  name: 'app',
  labels: { team: 'a' },
  annotations: { theirs: 'yes' },
  finalizers: ['example.com/theirs'],
};
const THEIRS = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata,
  automountServiceAccountToken: true,
  secrets: entries('mountable'),
  imagePullSecrets: entries('first', 'second', 'first'),
};
const OWNER = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: '11111111-1111-1111-1111-111111111111' };

/** Merge patches, each with what the refusal says. */
const REFUSED: Record<string, [patch: object, why: RegExp]> = {
  'drops no entry of somebody else': [{ imagePullSecrets: entries('first', 'first', 'regcred') }, /entries/],
  'drops no duplicate of somebody else': [
    { imagePullSecrets: entries('first', 'second', 'regcred') },
    /entries/,
  ],
  'does not empty imagePullSecrets': [{ imagePullSecrets: null }, /entries/],
  'does not reorder the entries of others': [
    { imagePullSecrets: entries('second', 'first', 'first') },
    /entries/,
  ],
  'adds no entry of another name': [
    { imagePullSecrets: entries('first', 'second', 'first', 'regcred', 'other') },
    /entries/,
  ],
  'gives no ServiceAccount a cloud role': [
    { metadata: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/a' } } },
    /no annotation/,
  ],
  "changes nobody else's annotation": [{ metadata: { annotations: { theirs: 'no' } } }, /no annotation/],
  "removes nobody else's annotation": [{ metadata: { annotations: { theirs: null } } }, /no annotation/],
  'removes not all annotations': [{ metadata: { annotations: null } }, /no annotation/],
  'adds no label': [{ metadata: { labels: { 'regcred.dev/sync': 'false' } } }, /no label/],
  'removes no label': [{ metadata: { labels: null } }, /no label/],
  'adds no finalizer': [
    { metadata: { finalizers: ['example.com/theirs', 'regcred.dev/undo'] } },
    /finalizer/,
  ],
  'removes no finalizer': [{ metadata: { finalizers: null } }, /finalizer/],
  'adds no owner': [{ metadata: { ownerReferences: [OWNER] } }, /owner reference/],
  'does not turn off the token': [{ automountServiceAccountToken: false }, /no field/],
  'does not unset the token': [{ automountServiceAccountToken: null }, /no field/],
  'adds no mountable Secret': [{ secrets: entries('mountable', 'regcred') }, /no field/],
  'removes no mountable Secret': [{ secrets: null }, /no field/],
};

describe("the operator's identity, of a ServiceAccount,", () => {
  const namespace = `identity-${randomBytes(3).toString('hex')}`;
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/app`;
  let operator: OperatorIdentity;

  const patch = (body: object) =>
    operator('PATCH', `${path}?fieldManager=regcred`, { body, contentType: MERGE_PATCH });
  const read = () => kubectlJson(['-n', namespace, 'get', 'serviceaccount', 'app']);

  before(async () => {
    await stopOperator();
    await kubectl(['create', 'namespace', namespace]);
    await kubectl(['-n', namespace, 'create', '-f', '-'], THEIRS);
    operator = await operatorIdentity();
  });
  after(async () => {
    const loosen = '[{"op":"remove","path":"/metadata/finalizers"}]';
    await kubectl(['-n', namespace, 'patch', 'serviceaccount', 'app', '--type=json', '-p', loosen]);
    await kubectl(['delete', 'namespace', namespace, '--wait=false']);
  });

  it('adds its entry and its annotation in one patch, with the resourceVersion, and takes them away again', async () => {
    const before = await read();
    const added = await patch({
      metadata: {
        resourceVersion: before.metadata.resourceVersion,
        annotations: { [PULL_SECRETS_ANNOTATION]: 'regcred' },
      },
      imagePullSecrets: entries('first', 'second', 'first', 'regcred'),
    });
    expect(added.status, added.message).to.equal(200);
    const removed = await patch({
      metadata: { annotations: { [PULL_SECRETS_ANNOTATION]: null } },
      imagePullSecrets: THEIRS.imagePullSecrets,
    });
    expect(removed.status, removed.message).to.equal(200);
    const { resourceVersion: _, managedFields: __, ...after } = (await read()).metadata;
    const { resourceVersion: ___, managedFields: ____, ...expected } = before.metadata;
    expect(after).to.deep.equal(expected);
  });

  it('puts its entry first, last or in between', async () => {
    for (const names of [
      ['regcred', 'first', 'second', 'first'],
      ['first', 'regcred', 'second', 'first'],
      ['first', 'second', 'first'],
    ]) {
      const { status, message } = await patch({ imagePullSecrets: entries(...names) });
      expect(status, message).to.equal(200);
    }
  });

  it('gives a ServiceAccount without any entry or annotation its first, and takes it away', async () => {
    const bare = path.replace(/app$/, 'bare');
    await kubectl(['-n', namespace, 'create', 'serviceaccount', 'bare']);
    const annotations = (value: string | null) => ({ annotations: { [PULL_SECRETS_ANNOTATION]: value } });
    for (const body of [
      { metadata: annotations('regcred'), imagePullSecrets: entries('regcred') },
      { metadata: annotations(null), imagePullSecrets: null },
    ]) {
      const { status, message } = await operator('PATCH', bare, { body, contentType: MERGE_PATCH });
      expect(status, message).to.equal(200);
    }
  });

  it('takes its claims out of managedFields', async () => {
    const { managedFields } = (
      await kubectlJson([...['-n', namespace, 'get', 'serviceaccount', 'app', '--show-managed-fields']])
    ).metadata;
    const others = managedFields.filter((entry: { manager: string }) => entry.manager !== 'regcred');
    const { status, message } = await patch({ metadata: { managedFields: others } });
    expect(status, message).to.equal(200);
  });

  for (const [title, [body, why]] of Object.entries(REFUSED)) {
    it(title, async () => {
      const before = await read();
      expectRefused(await patch(body), BY_POLICY, why);
      expect(await read()).to.deep.equal(before);
    });
  }

  it('gives not even itself a cloud role', async () => {
    const own = '/api/v1/namespaces/regcred-system/serviceaccounts/regcred?dryRun=All';
    const body = { metadata: { annotations: { 'iam.gke.io/gcp-service-account': 'a@b.example' } } };
    expectRefused(
      await operator('PATCH', own, { body, contentType: MERGE_PATCH }),
      BY_POLICY,
      /no annotation/,
    );
  });

  it('neither creates nor deletes one', async () => {
    const collection = path.replace('/app', '');
    const body = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'new' } };
    expectRefused(await operator('POST', collection, { body }), BY_RBAC);
    expectRefused(await operator('DELETE', path), BY_RBAC);
  });
});
