// What the script cannot compare: controllers, faults, the side door, and the schema.

import { expect } from 'chai';
import { ApiError, TransportError } from '../kube/errors.ts';
import { aBasicSecret, aCredential, aNamespace, aSecret, aServiceAccount } from './builders.ts';
import { FakeApiServer } from './fake-api-server.ts';

describe('the controllers of the in-memory API server', () => {
  it('give every namespace a default ServiceAccount, and another when that is deleted', () => {
    const server = new FakeApiServer();
    server.given(aNamespace('apps'));
    const before = server.get('serviceaccounts', 'apps', 'default')?.metadata.uid;
    server.delete('serviceaccounts', 'apps', 'default');

    expect(before).to.be.a('string');
    expect(server.get('serviceaccounts', 'apps', 'default')?.metadata.uid)
      .to.be.a('string')
      .not.equal(before);
  });

  it('can be told to leave namespaces without ServiceAccount', () => {
    const server = new FakeApiServer();
    server.controllers.defaultServiceAccounts = false;
    server.given(aNamespace('apps'));

    expect(server.list('serviceaccounts')).to.deep.equal([]);
  });

  it('can hold a terminating namespace until told to finish', () => {
    const server = new FakeApiServer();
    server.controllers.holdTermination = true;
    server.given(aNamespace('apps'));
    server.delete('namespaces', 'apps');

    expect(server.get('namespaces', 'apps')?.status?.phase).to.equal('Terminating');
    expect(() => server.given(aServiceAccount('apps', 'late'))).to.throw('because it is being terminated');
    server.controllers.finishTermination('apps');
    expect(server.get('namespaces', 'apps')).to.equal(undefined);
    expect(server.list('serviceaccounts')).to.deep.equal([]);
  });

  it('keep a namespace as long as something in it has a finalizer', () => {
    const server = new FakeApiServer();
    server.given(aNamespace('apps'), aSecret('held').in('apps').finalizedBy('a.example/hold'));
    server.delete('namespaces', 'apps');

    expect(server.get('namespaces', 'apps')?.status?.phase).to.equal('Terminating');
    server.update('secrets', 'apps/held', secret => delete secret.metadata.finalizers);
    expect(server.get('namespaces', 'apps')).to.equal(undefined);
  });
});

describe('faults of the in-memory API server', () => {
  const request = { method: 'DELETE', path: '/api/v1/namespaces/apps' } as const;
  let server: FakeApiServer;

  beforeEach(() => {
    server = new FakeApiServer();
    server.given(aNamespace('apps'));
  });

  it('can refuse a request before it does anything', async () => {
    server.before = () => {
      throw new ApiError(429, 'TooManyRequests', 'later', [], 1000);
    };

    const failure = await server
      .client()
      .request(request)
      .catch((error: unknown) => error);

    expect(failure).to.include({ code: 429, retryAfter: 1000 });
    expect(server.get('namespaces', 'apps')).to.not.equal(undefined);
  });

  it('can lose the answer to a write that was done', async () => {
    server.after = () => {
      throw new TransportError('lost');
    };

    const failure = await server
      .client()
      .request(request)
      .catch((error: unknown) => error);

    expect(failure).to.be.instanceOf(TransportError);
    expect(server.get('namespaces', 'apps')).to.equal(undefined);
  });

  it('do not touch the side door, whose requests are not recorded either', async () => {
    server.before = () => {
      throw new TransportError('down');
    };
    server.label('namespaces', 'apps', { team: 'a' });
    await server
      .client('regcred')
      .request(request)
      .catch(() => {});

    expect(server.get('namespaces', 'apps')?.metadata.labels).to.include({ team: 'a' });
    expect(server.writes).to.deep.equal([{ ...request, user: 'regcred' }]);
  });

  it('can come from an admission policy that sees old and new', () => {
    server.admit = ({ operation, oldObject, object, user }) =>
      operation === 'UPDATE' && user === 'mallory' && oldObject?.metadata.labels !== object?.metadata.labels
        ? new ApiError(422, 'Invalid', 'refused by policy')
        : undefined;

    expect(() => server.label('namespaces', 'apps', { team: 'a' }, 'mallory')).to.throw('refused by policy');
    server.label('namespaces', 'apps', { team: 'b' });
    expect(server.get('namespaces', 'apps')?.metadata.labels).to.include({ team: 'b' });
  });
});

describe('objects of the in-memory API server', () => {
  it('are copies: what a reader does to one is seen by nobody', () => {
    const server = new FakeApiServer();
    server.given(aNamespace('apps').optedIn());
    const copy = server.get('namespaces', 'apps');
    if (copy !== undefined) copy.metadata.labels = {};

    expect(server.get('namespaces', 'apps')?.metadata.labels).to.include({ 'regcred.dev/sync': 'true' });
  });

  it('keep to the schema of RegistryCredential', () => {
    const server = new FakeApiServer();

    expect(() => server.given(aCredential('x'))).to.throw('spec.registries: Invalid value');
    const credential = server.create('registrycredentials', aCredential('x').withBasic('r.example', 'login'));
    expect(credential.spec).to.deep.equal({
      registries: [{ server: 'r.example', basic: { secretRef: { name: 'login' } } }],
      secretName: 'regcred',
      namespaceSelector: { matchLabels: { 'regcred.dev/sync': 'true' } },
      deletionPolicy: 'Delete',
    });
  });

  it('never show their content in a refusal', () => {
    const server = new FakeApiServer();
    server.given(aNamespace('regcred-system'), aBasicSecret('login', 'user', 'hunter2'));
    const broken = aSecret('broken')
      .ofType('kubernetes.io/dockerconfigjson')
      .with('.dockerconfigjson', 'hunter2');

    expect(() => server.given(broken))
      .to.throw(ApiError)
      .with.property('message')
      .that.does.not.include('hunter2');
  });
});
