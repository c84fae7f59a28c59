// What an explanation shows besides its verdict.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { aPull, handMade, loginsTo, served } from '../testing/pulls.ts';
import { explain } from './explanation.ts';

const pull = () => aPull('r.example/app').naming('regcred').with('regcred', served('team', 'r.example'));

describe('the evidence of an explanation', () => {
  it('names what is wrong beside a login that is found', () => {
    const { verdict, further } = explain(pull().naming('regcred', 'gone'));
    expect([verdict.name, ...further.map(({ name }) => name)]).to.deep.equal(['LoginFound', 'SecretMissing']);
  });

  it('lists every login of every Secret with why it is tried or not', () => {
    const facts = aPull('r.example:5000/team/app')
      .naming('a', 'b')
      .with('a', served('team', '*.example:5000', 'r.example', 'r.example:5000/team'))
      .with('b', handMade(loginsTo('q.example:5000', 'r.example:5000/other')));
    const { tried, others, secrets } = explain(facts);
    expect(tried.map(({ server, secret, origin, why }) => [server, secret, origin, why])).to.deep.equal([
      ['r.example:5000/team', 'a', 'RegistryCredential team', 'host and port, path begins with /team'],
      ['*.example:5000', 'a', 'RegistryCredential team', 'host and port by the wildcard *.example:5000'],
    ]);
    expect(others.map(({ server, why }) => [server, why])).to.deep.equal([
      ['r.example:5000/other', 'another path'],
      ['r.example', 'another port, or one where the other has none'],
      ['q.example:5000', 'another host'],
    ]);
    expect(secrets).to.deep.equal([
      { name: 'a', state: '3 logins', origin: 'RegistryCredential team' },
      { name: 'b', state: '2 logins', origin: 'not of a RegistryCredential' },
    ]);
  });

  it('says what could not be read', () => {
    const { unread } = explain(
      pull().hiding('credentials').hiding('place').byPod(['regcred']).hiding('account'),
    );
    expect(unread).to.deep.equal([
      'RegistryCredentials (forbidden)',
      'namespace apps (forbidden)',
      'ServiceAccount apps/default (forbidden)',
    ]);
  });
});
