// From objects as an API server has them to records: nothing of the payload is kept,
// and whose the label on a Secret is comes out right.

import { expect } from 'chai';
import { DOCKER_CONFIG_TYPE, MANAGED_BY, MANAGED_BY_LABEL } from '../api/names.ts';
import { merge } from '../core/merge.ts';
import type { KubeObject } from '../kube/kube-client.ts';
import {
  aBasicSecret,
  aCredential,
  aDockerConfigSecret,
  aNamespace,
  aServiceAccount,
} from '../testing/builders.ts';
import { FakeApiServer } from '../testing/fake-api-server.ts';
import { credential, login } from '../testing/views.ts';
import { requestFor } from './change-request.ts';
import { slimCredential, slimNamespace, slimSecret, slimServiceAccount, slimSource } from './slim.ts';

/** The smallest login of ours takes 50 bytes of the million that a Secret has. */
const MOST = 20_000;
const LABEL = { [MANAGED_BY_LABEL]: MANAGED_BY };
const merged = merge([credential('team').giving(login('r.io', 'hunter2'))]);

function aCluster() {
  const server = new FakeApiServer();
  server.given(aNamespace('apps').optedIn());
  const get = (): KubeObject => server.get('secrets', 'apps', 'regcred') as KubeObject;
  const byHand = () =>
    server.given(aDockerConfigSecret('regcred').in('apps').withLogin('r.io', 'robot', 'hunter2'));
  const byUs = async () => {
    const place = { namespace: 'apps', name: 'regcred' };
    const { body } = await server.client().request<KubeObject>(
      requestFor({
        kind: 'ApplySecret',
        ...place,
        uid: undefined,
        merged,
        credentials: ['team'],
        handedOver: false,
      }),
    );
    return body;
  };
  return { server, get, byHand, byUs };
}

describe('a Secret that is made slim', () => {
  it('of ours is ours, with the digest of its content', async () => {
    const { get, byUs } = aCluster();
    await byUs();
    const { content, ...record } = slimSecret(get());
    expect(record).to.include({
      managed: true,
      ownsLabel: true,
      handedOver: false,
      type: DOCKER_CONFIG_TYPE,
    });
    expect(record.credentials).to.deep.equal(['team']);
    expect(content.digest).to.equal(merged.digest);
    expect([...content.entries]).to.deep.equal([['r.io', merged.logins.get('r.io')?.digest]]);
  });

  it('of somebody else is not', () => {
    const { get, byHand } = aCluster();
    byHand();
    expect(slimSecret(get())).to.include({ managed: false, ownsLabel: false });
  });

  it('with a label by hand was handed over', () => {
    const { server, get, byHand } = aCluster();
    byHand();
    server.label('secrets', 'apps/regcred', LABEL);
    expect(slimSecret(get())).to.include({ managed: true, ownsLabel: false });
  });

  it('of ours whose label is taken off is foreign, and handed over when it is put on again', async () => {
    const { server, get, byUs } = aCluster();
    await byUs();
    server.label('secrets', 'apps/regcred', { [MANAGED_BY_LABEL]: null });
    expect(slimSecret(get())).to.include({ managed: false, ownsLabel: false });
    server.label('secrets', 'apps/regcred', LABEL);
    expect(slimSecret(get())).to.include({ managed: true, ownsLabel: false });
  });

  it('of ours whose managedFields were stripped is still ours', async () => {
    const { get, byUs } = aCluster();
    await byUs();
    const stripped = get();
    expect(slimSecret({ ...stripped, metadata: { ...stripped.metadata, managedFields: [] } })).to.include({
      managed: true,
      ownsLabel: true,
    });
  });

  it('with the label of another tool is not ours', () => {
    const { server, get, byHand } = aCluster();
    byHand();
    server.label('secrets', 'apps/regcred', { [MANAGED_BY_LABEL]: 'Helm' });
    expect(slimSecret(get()).managed).to.equal(false);
  });

  it('keeps nothing that could be printed', async () => {
    const { get, byUs } = aCluster();
    await byUs();
    const { content, ...rest } = slimSecret(get());
    const kept = JSON.stringify([rest, content.digest, [...content.entries]]);
    for (const secret of ['hunter2', merged.base64, Buffer.from('robot:hunter2').toString('base64')])
      expect(kept).not.to.include(secret);
  });

  it('shares its content with all of the same bytes', async () => {
    const { get, byUs } = aCluster();
    await byUs();
    expect(slimSecret(get()).content).to.equal(slimSecret(get()).content);
  });

  it('takes anything in place of a docker config', () => {
    const { server, get } = aCluster();
    for (const value of ['', 'x', '[]', '{"auths":1}']) {
      server.given(
        aDockerConfigSecret('regcred').in('apps').ofType('Opaque').with('.dockerconfigjson', value),
      );
      expect([...slimSecret(get()).content.entries]).to.deep.equal([]);
      server.delete('secrets', 'apps', 'regcred');
    }
  });
});

describe('the content of a Secret that is made slim', () => {
  const MANY = 40_000;
  const many = (value: unknown): string =>
    JSON.stringify({ auths: Object.fromEntries(Array.from({ length: MANY }, (_, n) => [`${n}.io`, value])) });
  const contentOf = (labels: Record<string, string>, text: string) =>
    slimSecret({
      metadata: { name: 'regcred', namespace: 'apps', uid: 'u', resourceVersion: '1', labels },
      type: DOCKER_CONFIG_TYPE,
      data: { '.dockerconfigjson': Buffer.from(text).toString('base64') },
    } as KubeObject).content;

  it('has no entries when it is somebody else’s, however many there are', () => {
    expect(contentOf({}, many({ auth: 'dTpw' })).entries.size).to.equal(0);
  });

  it('has entries from the moment it is ours, also with the bytes of a foreign one', () => {
    const text = '{"auths":{"r.io":{"auth":"dTpw"}}}';
    const sizes = [{}, LABEL, {}].map(labels => contentOf(labels, text).entries.size);
    expect(sizes).to.deep.equal([0, 1, 0]);
  });

  it('has no more entries than a Secret of ours could, whatever was written into it', () => {
    for (const value of [1, { auth: 'dTpw' }])
      expect(contentOf(LABEL, many(value)).entries.size, JSON.stringify(value)).to.be.at.most(MOST);
  });
});

describe('other objects that are made slim', () => {
  it('a ServiceAccount keeps its list in order, and our marks sorted', () => {
    const { server } = aCluster();
    server.given(
      aServiceAccount('apps', 'ci')
        .pullingWith('b', 'a', 'b')
        .annotated({ 'regcred.dev/image-pull-secrets': 'b,,a,b' }),
    );
    const record = slimServiceAccount(server.get('serviceaccounts', 'apps', 'ci') as KubeObject);
    expect(record).to.deep.include({ pullSecrets: ['b', 'a', 'b'], ownPullSecrets: ['a', 'b'] });
    const bare = slimServiceAccount(server.get('serviceaccounts', 'apps', 'default') as KubeObject);
    expect(bare).to.deep.include({ pullSecrets: [], ownPullSecrets: [], labels: {}, namespace: 'apps' });
  });

  it('a ServiceAccount keeps who owns its list, in a record that many share', () => {
    const { server } = aCluster();
    for (const name of ['one', 'two'])
      server.apply(
        'serviceaccounts',
        { metadata: { name, namespace: 'apps' }, ...{ imagePullSecrets: [{ name: 'own' }] } },
        'helm',
      );
    const [one, two] = ['one', 'two'].map(name =>
      slimServiceAccount(server.get('serviceaccounts', 'apps', name) as KubeObject),
    );
    expect(one?.ownership.owners.map(({ manager, operation }) => `${manager}/${operation}`)).to.deep.equal([
      'helm/Apply',
    ]);
    expect(one?.ownership).to.equal(two?.ownership);
  });

  it('a ServiceAccount keeps its own list, whatever strange names those of others have', () => {
    const listOf = (list: readonly string[]): readonly string[] =>
      slimServiceAccount({
        metadata: { name: 'ci', namespace: 'apps', uid: 'u', resourceVersion: '1' },
        imagePullSecrets: list.map(name => ({ name })),
      } as KubeObject).pullSecrets;
    const alike = [
      [[], ['']],
      [['p,q'], ['p', 'q']],
      [['x', 'regcred'], ['x,regcred']],
      [['a', ''], ['a,']],
    ];
    for (const lists of alike) for (const list of lists) expect(listOf(list)).to.deep.equal(list);
  });

  it('a namespace is terminating from its deletion on', () => {
    const { server } = aCluster();
    const record = () => slimNamespace(server.get('namespaces', 'apps') as KubeObject);
    expect(record()).to.deep.include({ name: 'apps', terminating: false });
    expect(record().labels).to.include({ 'regcred.dev/sync': 'true' });
    server.controllers.holdTermination = true;
    server.delete('namespaces', 'apps');
    expect(record().terminating).to.equal(true);
  });

  it('a source keeps its values, for they are what it is for', () => {
    const { server } = aCluster();
    server.given(aNamespace('regcred-system'), aBasicSecret('login', 'robot', 'x'));
    const { type, data } = slimSource(server.get('secrets', 'regcred-system', 'login') as KubeObject);
    expect([type, Object.keys(data)]).to.deep.equal(['kubernetes.io/basic-auth', ['username', 'password']]);
  });

  it('a RegistryCredential is deleted from its deletion on', () => {
    const { server } = aCluster();
    server.given(aCredential('team').withBasic('r.io', 'login').finalized());
    const record = () => slimCredential(server.get('registrycredentials', 'team') as KubeObject);
    expect(record()).to.deep.include({ name: 'team', generation: 1, deleted: false, status: undefined });
    server.delete('registrycredentials', 'team');
    expect(record()).to.deep.include({ deleted: true, finalizers: ['regcred.dev/undo'] });
  });

  it('of the request of a RegistryCredential is kept what status has room for, and no half character', () => {
    const { server } = aCluster();
    server.given(aCredential('team').withBasic('r.io', 'login'));
    const request = () =>
      slimCredential(server.get('registrycredentials', 'team') as KubeObject).refreshRequest;
    expect(request()).to.equal(undefined);
    server.update('registrycredentials', 'team', ({ metadata }) => {
      metadata.annotations = { 'regcred.dev/refresh': `x${'😀'.repeat(200)}` };
    });
    expect(request()).to.equal(`x${'😀'.repeat(127)}`);
  });
});
