// What the oracle says of logins that are kept: nothing as long as they are right, and what is wrong where they are not.

import { expect } from 'chai';
import { CREDENTIALS_ANNOTATION, INTERNAL_LABEL, KEPT_KEY, KEPT_TYPE } from '../../../api/names.ts';
import { aBasicSecret, aCredential, aNamespace, aSecret, OPERATOR_NAMESPACE } from '../../builders.ts';
import { FakeApiServer } from '../../fake-api-server.ts';
import { RULES } from './at-rest.ts';
import { differencesInKept } from './desired.ts';
import type { Secret } from './snapshot.ts';

const NAME = 'regcred-kept-of-team';
const LOGIN = { username: 'robot', password: 'old' };

interface Change {
  readonly uid?: string;
  readonly auths?: Readonly<Record<string, object>>;
  readonly server?: string;
}

describe('the oracle of what is kept', () => {
  let server: FakeApiServer;
  let past: Secret[];

  beforeEach(() => {
    server = new FakeApiServer();
    past = [];
    server.given(aNamespace(OPERATOR_NAMESPACE), aBasicSecret('login', 'robot', 'old'));
    server.given(aCredential('team').withBasic('r.io', 'login').finalized());
  });

  function keep({ uid, auths = { 'r.io': LOGIN }, server: registry = 'r.io' }: Change = {}): void {
    const credential = { name: 'team', uid: uid ?? server.get('registrycredentials', 'team')?.metadata.uid };
    const spec = { server: registry, basic: { secretRef: { name: 'login' } } };
    const text = JSON.stringify({ version: 1, credential, registries: [{ spec, auths }] });
    const secret = aSecret(NAME)
      .ofType(KEPT_TYPE)
      .labelled({ [INTERNAL_LABEL]: 'true' });
    server.given(secret.annotated({ [CREDENTIALS_ANNOTATION]: 'team' }).with(KEPT_KEY, text));
  }
  const said = (): string[] => {
    const snapshot = {
      credentials: server.list('registrycredentials'),
      namespaces: server.list('namespaces'),
      serviceAccounts: server.list('serviceaccounts'),
      secrets: server.list('secrets'),
    };
    return differencesInKept(snapshot, () => past, RULES);
  };
  const loseSource = (): void => {
    past = [server.get('secrets', OPERATOR_NAMESPACE, 'login') as Secret];
    server.delete('secrets', OPERATOR_NAMESPACE, 'login');
  };
  const NOT_WHAT_IT_GAVE = ['what is kept of registries[0] of team is not what it gave'];

  it('has nothing to say of what is right, in whatever spelling of the server', () => {
    keep({ auths: { 'https://r.io/v1/': LOGIN } });
    expect(said()).to.deep.equal([]);
  });

  it('sees when a sound source is not kept', () => {
    expect(said()).to.deep.equal(NOT_WHAT_IT_GAVE);
  });

  it('sees when something else is kept', () => {
    keep({ auths: { 'r.io': { ...LOGIN, password: 'never-given' } } });
    expect(said()).to.deep.equal(NOT_WHAT_IT_GAVE);
  });

  it('lets what a failing source gave earlier stay', () => {
    keep();
    loseSource();
    expect(said()).to.deep.equal([]);
  });

  it('sees what is of somebody who is gone, and of a predecessor', () => {
    keep({ uid: 'of-a-predecessor' });
    expect(said()).to.include(`Secret ${NAME} keeps logins of one that is gone`);
  });

  it('sees a namespace that has no Secret, though a login is kept and the source fails', () => {
    keep();
    loseSource();
    server.given(aNamespace('late').optedIn());
    expect(said()).to.deep.equal(['Secret late/regcred is missing, though a login of team is kept']);
  });

  it('does not ask for what is kept of a registry that is not in the spec any more', () => {
    keep({ server: 'other.io', auths: {} });
    loseSource();
    server.given(aNamespace('late').optedIn());
    expect(said()).to.deep.equal([]);
  });
});
