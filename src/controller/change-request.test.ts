// Each change as the request that makes it, tried on the in-memory API server: it does
// its work on the state that it was decided on, and is refused on any other.

import { expect } from 'chai';
import { DOCKER_CONFIG_TYPE } from '../api/names.ts';
import type { ApplySecret, Change } from '../core/change.ts';
import { merge } from '../core/merge.ts';
import type { ApiError } from '../kube/errors.ts';
import { aNamespace, aSecret, aServiceAccount } from '../testing/builders.ts';
import { FakeApiServer } from '../testing/fake-api-server.ts';
import { credential, login } from '../testing/views.ts';
import { giveBack, requestFor } from './change-request.ts';

const merged = merge([credential('team').giving(login('r.io'))]);
const place = { namespace: 'apps', name: 'regcred' };
const create: ApplySecret = {
  kind: 'ApplySecret',
  ...place,
  uid: undefined,
  merged,
  credentials: ['one', 'team'],
  handedOver: false,
};

function aCluster() {
  const server = new FakeApiServer();
  server.given(aNamespace('apps'), aServiceAccount('apps', 'ci').pullingWith('mine'));
  const client = server.client();
  const carryOut = (change: Change) => client.request(requestFor(change));
  /** "code reason", or that it was carried out. */
  const refused = (change: Change) =>
    carryOut(change).then(
      () => 'carried out',
      ({ code, reason }: ApiError) => `${code} ${reason}`,
    );
  const secret = () => server.get('secrets', 'apps', 'regcred');
  const identity = () => {
    const { uid = '', resourceVersion = '' } = secret()?.metadata ?? {};
    return { uid, resourceVersion };
  };
  return { server, client, carryOut, refused, secret, identity };
}

describe('the request for a Secret', () => {
  it('creates it with our label and the RegistryCredentials in it', async () => {
    const { carryOut, secret } = aCluster();
    expect((await carryOut(create)).status).to.equal(201);
    expect(secret()).to.deep.include({
      type: DOCKER_CONFIG_TYPE,
      data: { '.dockerconfigjson': merged.base64 },
    });
    expect(secret()?.metadata.labels).to.deep.equal({ 'app.kubernetes.io/managed-by': 'regcred' });
    expect(secret()?.metadata.annotations).to.deep.equal({ 'regcred.dev/credentials': 'one,team' });
  });

  it('that was thought absent is refused when there is another one', async () => {
    const { server, refused } = aCluster();
    server.given(aSecret('regcred').in('apps').ofType(DOCKER_CONFIG_TYPE).with('.dockerconfigjson', '{}'));
    expect(await refused(create)).to.equal('409 Conflict');
  });

  it('updates in place what was observed, whoever wrote into it', async () => {
    const { server, carryOut, secret, identity } = aCluster();
    await carryOut(create);
    const { uid } = identity();
    server.update('secrets', 'apps/regcred', one => {
      one.data = { '.dockerconfigjson': Buffer.from('{}').toString('base64') };
    });
    await carryOut({ ...create, uid, handedOver: true });
    expect(secret()?.data).to.deep.equal({ '.dockerconfigjson': merged.base64 });
    expect(secret()?.metadata.uid).to.equal(uid);
    expect(secret()?.metadata.annotations).to.include({ 'regcred.dev/handed-over': 'true' });
  });

  it('does not update a successor of the same name', async () => {
    const { server, carryOut, refused } = aCluster();
    await carryOut(create);
    server.delete('secrets', 'apps', 'regcred');
    expect(await refused({ ...create, uid: 'former' })).to.equal('409 Conflict');
    await carryOut(create);
    expect(await refused({ ...create, uid: 'former' })).to.equal('422 Invalid');
  });

  it('releases it: our marks go, content and marks of others stay', async () => {
    const { server, carryOut, secret, identity } = aCluster();
    await carryOut({ ...create, handedOver: true });
    server.label('secrets', 'apps/regcred', { team: 'a' });
    server.annotate('secrets', 'apps/regcred', { note: 'b' });
    await carryOut({ kind: 'ReleaseSecret', ...place, ...identity() });
    expect(secret()?.metadata.labels).to.deep.equal({ team: 'a' });
    expect(secret()?.metadata.annotations).to.deep.equal({ note: 'b' });
    expect(secret()?.data).to.deep.equal({ '.dockerconfigjson': merged.base64 });
  });

  for (const kind of ['ReleaseSecret', 'DeleteSecret'] as const)
    it(`${kind} is refused when it was changed or replaced meanwhile`, async () => {
      const { server, carryOut, refused, identity } = aCluster();
      await carryOut(create);
      const observed = identity();
      server.label('secrets', 'apps/regcred', { 'app.kubernetes.io/managed-by': null });
      expect(await refused({ kind, ...place, ...observed })).to.equal('409 Conflict');
      const { resourceVersion } = identity();
      expect(await refused({ kind, ...place, uid: 'former', resourceVersion })).to.match(/^409|^422/);
      expect(await refused({ kind, ...place, ...identity() })).to.equal('carried out');
    });

  it('gives fields back without taking the content along', async () => {
    const { server, client, carryOut, secret, identity } = aCluster();
    server.given(
      aSecret('regcred')
        .in('apps')
        .ofType(DOCKER_CONFIG_TYPE)
        .with('.dockerconfigjson', Buffer.from(merged.base64, 'base64').toString()),
    );
    const before = secret();
    expect((await carryOut(create)).status).to.equal(200);
    await client.request(giveBack(create, identity().uid));
    expect(secret()?.metadata.labels).to.equal(undefined);
    expect(secret()?.metadata.annotations).to.equal(undefined);
    expect(secret()?.data).to.deep.equal(before?.data);
  });
});

describe('the request for a ServiceAccount', () => {
  const patch = (resourceVersion: string, pullSecrets: string[], ownPullSecrets: string[]): Change => ({
    kind: 'PatchServiceAccount',
    namespace: 'apps',
    name: 'ci',
    resourceVersion,
    pullSecrets,
    ownPullSecrets,
    detached: [],
    owners: [],
  });
  const account = (server: FakeApiServer) => server.get('serviceaccounts', 'apps', 'ci');
  const version = (server: FakeApiServer): string => account(server)?.metadata.resourceVersion ?? '';

  it('writes the list and our mark together', async () => {
    const { server, carryOut } = aCluster();
    await carryOut(patch(version(server), ['mine', 'a', 'b'], ['a', 'b']));
    expect(account(server)?.imagePullSecrets).to.deep.equal([{ name: 'mine' }, { name: 'a' }, { name: 'b' }]);
    expect(account(server)?.metadata.annotations).to.deep.equal({ 'regcred.dev/image-pull-secrets': 'a,b' });
  });

  it('leaves no empty list and no empty mark behind', async () => {
    const { server, carryOut } = aCluster();
    await carryOut(patch(version(server), ['a'], ['a']));
    await carryOut(patch(version(server), [], []));
    expect(account(server)).not.to.have.property('imagePullSecrets');
    expect(account(server)?.metadata.annotations).to.equal(undefined);
  });

  it('is refused when the list was computed from an older one', async () => {
    const { server, refused } = aCluster();
    const observed = version(server);
    server.label('serviceaccounts', 'apps/ci', { team: 'a' });
    expect(await refused(patch(observed, ['regcred'], ['regcred']))).to.equal('409 Conflict');
  });
});
