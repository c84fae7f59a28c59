// What the policies say beyond one answer: who is bound, what is switched on, and what is given
// by the component. That the CEL says the same is tested against a real API server.

import { expect } from 'chai';
import { statusPath } from '../../controller/paths.ts';
import { ApiError } from '../../kube/errors.ts';
import { aCredential, aNamespace, aSecret, aServiceAccount, OPERATOR_NAMESPACE } from '../builders.ts';
import { FakeApiServer } from '../fake-api-server.ts';
import { installedIdentity, policiesFor } from './policies.ts';

const ANNOTATION = 'regcred.dev/image-pull-secrets';
const STATUS = {
  observedGeneration: 1,
  conditions: [],
  registries: [{ server: 'r.io', source: 'basic' }],
  namespaces: { selected: 0, synced: 0, failed: 0, summary: '0/0' },
  serviceAccounts: { selected: 0, attached: 0, summary: '0/0' },
  failures: [],
};

describe('the policies that bind the operator', () => {
  let server: FakeApiServer;
  const isOperator = (user: string) => user.startsWith('replica-');
  const patchLabel = (user: string) => () => server.label('secrets', 'apps/theirs', { a: user }, user);

  beforeEach(() => {
    server = new FakeApiServer();
    server.given(aNamespace(OPERATOR_NAMESPACE), aNamespace('apps'), aSecret('theirs').in('apps'));
  });

  it('bind each user that is said to be the operator, and nobody else', () => {
    server.admission = policiesFor({ ...installedIdentity, isOperator });

    expect(patchLabel('replica-1')).to.throw(ApiError, 'the operator may write Secrets of type');
    expect(patchLabel('replica-2')).to.throw(ApiError).with.property('code', 403);
    expect(patchLabel('helm')).to.not.throw();
  });

  it('can each be left out', () => {
    server.admission = policiesFor({ ...installedIdentity, isOperator }, { secrets: false });

    expect(patchLabel('replica-1')).to.not.throw();
    expect(() => server.label('serviceaccounts', 'apps/default', { a: 'b' }, 'replica-1')).to.throw(
      'the operator may change no label',
    );
  });
});

describe('the policy that gives ServiceAccounts their entries', () => {
  let server: FakeApiServer;
  const listOf = (name: string) =>
    (server.get('serviceaccounts', 'apps', name)?.imagePullSecrets ?? []).map(entry => entry.name);

  beforeEach(async () => {
    server = new FakeApiServer();
    server.given(aNamespace('apps').optedIn());
    for (const [name, secret] of [
      ['a', 'regcred'],
      ['b', 'team-login'],
    ] as const) {
      server.given(aCredential(name).withBasic('r.io', 'login').into(secret).finalized());
      await server.client().request({
        method: 'PATCH',
        path: statusPath(name),
        body: { status: STATUS },
        contentType: 'application/merge-patch+json',
      });
    }
  });

  it('gives one for each RegistryCredential, each seeing what the one before gave', () => {
    server.admission = policiesFor(
      { ...installedIdentity, secretNames: ['regcred', 'team-login'] },
      { references: true },
    );
    server.given(aServiceAccount('apps', 'build').pullingWith('own'));

    expect(listOf('build')).to.deep.equal(['own', 'regcred', 'team-login']);
    expect(server.get('serviceaccounts', 'apps', 'build')?.metadata.annotations).to.deep.equal({
      [ANNOTATION]: 'regcred,team-login',
    });
  });

  it('gives by what its cache has, in the order that it has it', () => {
    server.admission = policiesFor(
      {
        ...installedIdentity,
        secretNames: ['regcred', 'team-login'],
        parameters: cluster => cluster.list('registrycredentials').toReversed(),
      },
      { references: true },
    );
    server.given(aServiceAccount('apps', 'build'));

    expect(listOf('build')).to.deep.equal(['team-login', 'regcred']);
  });

  const at = (size: number) => ({ [ANNOTATION]: 'x'.repeat(size) });
  for (const [what, annotations, entries, isGiven] of [
    ['a mark of 2048 characters', at(2048), [], true],
    ['a longer mark', at(2049), [], false],
    ['256 entries', {}, Array.from({ length: 256 }, (_, index) => `e${index}`), true],
    ['more entries', {}, Array.from({ length: 257 }, (_, index) => `e${index}`), false],
    ['annotations of 250,000 bytes', { a: 'x'.repeat(249_999) }, [], true],
    ['more bytes', { a: 'x'.repeat(250_000) }, [], false],
    ['256 annotations', Object.fromEntries(Array.from({ length: 256 }, (_, i) => [`k${i}`, ''])), [], true],
    ['more annotations', Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`k${i}`, ''])), [], false],
  ] as const)
    it(`${isGiven ? 'gives' : 'gives nothing'} to one with ${what}`, () => {
      server.admission = policiesFor(installedIdentity, { references: true });
      server.given(
        aServiceAccount('apps', 'big')
          .annotated(annotations)
          .pullingWith(...entries),
      );

      expect(listOf('big').includes('regcred')).to.equal(isGiven);
    });
});
