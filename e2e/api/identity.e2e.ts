// What the operator's own token may do on a real API server, and what is refused whatever bug or thief
// holds it: RBAC and secret-policy.yaml together.

import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { CREDENTIALS_ANNOTATION, DOCKER_CONFIG_TYPE, MANAGED_BY_LABEL } from '../../src/api/names.ts';
import { kubectl, kubectlJson } from './kubectl.ts';
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

const OWN = '/api/v1/namespaces/regcred-system';
const CREDENTIALS = '/apis/regcred.dev/v1alpha1/registrycredentials';
const BY_NAME = 'fieldSelector=metadata.name%3Dregcred';
const labels = { [MANAGED_BY_LABEL]: 'regcred' };
const STATUS = {
  observedGeneration: 1,
  conditions: [],
  registries: [],
  namespaces: { selected: 0, synced: 0, failed: 0, summary: '0/0' },
  serviceAccounts: { selected: 0, attached: 0, summary: '0/0' },
  failures: [],
};
const data = (server: string) => ({
  '.dockerconfigjson': Buffer.from(JSON.stringify({ auths: { [server]: { auth: 'dTpw' } } })).toString(
    'base64',
  ),
});

describe("the operator's identity", () => {
  const namespace = `identity-${randomBytes(3).toString('hex')}`;
  const home = `/api/v1/namespaces/${namespace}`;
  const secret = `${home}/secrets/regcred`;
  let operator: OperatorIdentity;

  const apply = (
    path: string,
    object: { metadata: object; type?: string; data?: object },
    force = false,
  ): Promise<Answer> => {
    const metadata = { name: path.split('/').at(-1), ...object.metadata };
    return operator('PATCH', `${path}?fieldManager=regcred&force=${force}`, {
      body: { apiVersion: 'v1', kind: 'Secret', type: DOCKER_CONFIG_TYPE, ...object, metadata },
      contentType: APPLY_PATCH,
    });
  };
  const ours = (server: string, more: object = {}) => ({ metadata: { labels, ...more }, data: data(server) });
  const theirs = (secretLabels: object = {}, type = DOCKER_CONFIG_TYPE) =>
    kubectl(['-n', namespace, 'create', '-f', '-'], {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'regcred', labels: secretLabels },
      type,
      data: data('theirs.example'),
    });
  const read = () => kubectlJson(['-n', namespace, 'get', 'secret', 'regcred']);

  before(async () => {
    await stopOperator();
    await kubectl(['create', 'namespace', namespace]);
    operator = await operatorIdentity();
  });
  afterEach(() => kubectl(['-n', namespace, 'delete', 'secret', 'regcred', '--ignore-not-found']));
  after(() => kubectl(['delete', 'namespace', namespace, '--wait=false']));

  it('lists and watches Secrets of its name in all namespaces', async () => {
    expect((await operator('GET', `/api/v1/secrets?${BY_NAME}&limit=1`)).status).to.equal(200);
    const query = `${BY_NAME}&watch=true&sendInitialEvents=true&allowWatchBookmarks=true`;
    const watch = await operator('GET', `/api/v1/secrets?${query}&resourceVersionMatch=NotOlderThan`);
    expect(watch.status).to.equal(200);
  });

  it('lists and watches the source Secrets of its own namespace', async () => {
    const query =
      'fieldSelector=type%21%3Dkubernetes.io/service-account-token%2Ctype%21%3Dhelm.sh/release.v1';
    expect((await operator('GET', `${OWN}/secrets?${query}`)).status).to.equal(200);
    expect((await operator('GET', `${OWN}/secrets?${query}&watch=true`)).status).to.equal(200);
  });

  for (const path of ['/api/v1/namespaces', '/api/v1/serviceaccounts', CREDENTIALS]) {
    it(`lists and watches ${path}`, async () => {
      expect((await operator('GET', `${path}?limit=1`)).status).to.equal(200);
      expect((await operator('GET', `${path}?watch=true`)).status).to.equal(200);
    });
  }

  it('creates, updates and deletes its Secret, by uid', async () => {
    const created = await apply(secret, ours('a.example'));
    expect(created.status, created.message).to.equal(201);
    const { uid } = created.body.metadata;
    const updated = await apply(secret, ours('b.example', { uid }), true);
    expect(updated.status, updated.message).to.equal(200);
    expect(updated.body.metadata.uid).to.equal(uid);
    const { resourceVersion } = updated.body.metadata;
    const deleted = await operator('DELETE', secret, { body: { preconditions: { uid, resourceVersion } } });
    expect(deleted.status, deleted.message).to.equal(200);
  });

  it('takes over a Secret that was handed over, and releases it with its content', async () => {
    await theirs(labels);
    const { uid } = (await read()).metadata;
    const annotations = { [CREDENTIALS_ANNOTATION]: 'a' };
    const taken = await apply(secret, ours('a.example', { uid, annotations }), true);
    expect(taken.status, taken.message).to.equal(200);
    const released = await operator('PATCH', secret, {
      body: {
        metadata: {
          uid,
          labels: { [MANAGED_BY_LABEL]: null },
          annotations: { [CREDENTIALS_ANNOTATION]: null },
        },
      },
      contentType: MERGE_PATCH,
    });
    expect(released.status, released.message).to.equal(200);
    expect((await read()).data).to.deep.equal(data('a.example'));
  });

  it('writes the finalizer and the status of a RegistryCredential, but neither makes nor deletes one', async () => {
    const spec = { registries: [{ server: 'a.example', basic: { secretRef: { name: 'a' } } }] };
    const object = {
      apiVersion: 'regcred.dev/v1alpha1',
      kind: 'RegistryCredential',
      metadata: { name: namespace },
      spec,
    };
    expectRefused(await operator('POST', CREDENTIALS, { body: object }), BY_RBAC);
    await kubectl(['create', '-f', '-'], object);
    const path = `${CREDENTIALS}/${namespace}`;
    const patch = (where: string, body: object) =>
      operator('PATCH', where, { body, contentType: MERGE_PATCH });
    for (const finalizers of [['regcred.dev/undo'], null]) {
      const patched = await patch(path, { metadata: { finalizers } });
      expect(patched.status, patched.message).to.equal(200);
    }
    const status = await patch(`${path}/status`, { status: STATUS });
    expect(status.status, status.message).to.equal(200);
    expectRefused(await operator('DELETE', path), BY_RBAC);
    await kubectl(['delete', 'registrycredential', namespace]);
  });

  it('reads no Secret of another name', async () => {
    for (const path of ['/api/v1/secrets', `${home}/secrets`, '/api/v1/namespaces/kube-system/secrets']) {
      for (const query of ['', '?watch=true', '?fieldSelector=metadata.name%3Dother']) {
        expectRefused(await operator('GET', path + query), BY_RBAC);
      }
    }
    expectRefused(await operator('GET', `${home}/secrets/other`), BY_RBAC);
  });

  it('makes no Secret of another name, and none without a name', async () => {
    expectRefused(await apply(`${home}/secrets/other`, ours('a.example')), BY_RBAC);
    const posted = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: DOCKER_CONFIG_TYPE,
      ...ours('a.example', { name: 'regcred' }),
    };
    expectRefused(await operator('POST', `${home}/secrets`, { body: posted }), BY_RBAC);
    expectRefused(await operator('DELETE', `${home}/secrets?${BY_NAME}`), BY_RBAC);
  });

  it('gets no token of another ServiceAccount by a token Secret of its name', async () => {
    const path = '/api/v1/namespaces/kube-system/secrets/regcred';
    const annotations = { 'kubernetes.io/service-account.name': 'namespace-controller' };
    const type = 'kubernetes.io/service-account-token';
    expectRefused(
      await apply(path, { metadata: { labels, annotations }, type }),
      BY_POLICY,
      /dockerconfigjson only/,
    );
    const tokens = '/api/v1/namespaces/kube-system/serviceaccounts/default/token';
    expectRefused(await operator('POST', tokens, { body: { spec: {} } }), BY_RBAC);
  });

  it('makes no Secret of any other type', async () => {
    const opaque = { metadata: { labels }, type: 'Opaque', data: { key: 'dTpw' } };
    expectRefused(await apply(secret, opaque), BY_POLICY, /dockerconfigjson only/);
  });

  it('changes no Secret of another type, though it carries our label', async () => {
    await theirs(labels, 'Opaque');
    expectRefused(
      await apply(secret, { metadata: { labels: { more: 'yes' } }, type: 'Opaque' }),
      BY_POLICY,
      /only/,
    );
  });

  it('neither changes nor labels nor deletes a foreign Secret, not even one with the same bytes', async () => {
    await theirs();
    const before = await read();
    const why = /carries the label app.kubernetes.io\/managed-by=regcred already/;
    expectRefused(await apply(secret, ours('a.example'), true), BY_POLICY, why);
    expectRefused(await apply(secret, ours('theirs.example')), BY_POLICY, why);
    const label = { body: { metadata: { labels } }, contentType: MERGE_PATCH };
    expectRefused(await operator('PATCH', secret, label), BY_POLICY, why);
    expectRefused(await operator('DELETE', secret), BY_POLICY, why);
    expect(await read()).to.deep.equal(before);
  });

  it('touches neither namespaces nor pods', async () => {
    const label = { body: { metadata: { labels } }, contentType: MERGE_PATCH };
    expectRefused(await operator('PATCH', home, label), BY_RBAC);
    expectRefused(await operator('GET', `${home}/pods`), BY_RBAC);
  });

  it('is the only one that the policies bind', async () => {
    await theirs({}, 'Opaque');
    await kubectl(['-n', namespace, 'label', 'secret', 'regcred', 'theirs=yes']);
    expect((await read()).metadata.labels).to.deep.equal({ theirs: 'yes' });
  });
});
