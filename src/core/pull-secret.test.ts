// The rows are in testing/, where others can put them to the kubelet's own code.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { PULL_SECRETS } from '../testing/pull-secret-rows.ts';
import { lookUp } from './keyring.ts';
import { type PullSecret, readPullSecret } from './pull-secret.ts';

const TYPE = 'kubernetes.io/dockerconfigjson';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const read = (text: string): PullSecret =>
  readPullSecret({ type: TYPE, data: { '.dockerconfigjson': base64(text) } });

function usersOf(secret: PullSecret): string {
  if (secret.state === 'broken') return 'broken';
  const logins = secret.state === 'read' ? secret.logins : [];
  const { tried } = lookUp(
    'r.example/app',
    logins.map(login => ({ ...login, secret: 's' })),
  );
  return tried.length === 0 ? 'nobody' : tried.map(({ login }) => login.username).join();
}

describe('a Secret as the kubelet reads it', () => {
  for (const [title, { type, key, text }, users] of PULL_SECRETS)
    it(`${title}: ${users || 'a user without a name'}`, () => {
      const secret = readPullSecret({ type, data: text === undefined ? {} : { [key]: base64(text) } });
      expect(usersOf(secret)).to.equal(users);
    });

  it('names the entry that is broken', () => {
    const secret = read('{"auths":{"r.example":{"auth":"x"},"q.example":{}}}');
    expect(secret).to.deep.include({ state: 'broken', server: 'r.example' });
  });

  it('says which login is none', () => {
    const secret = read('{"auths":{"r.example":{},"q.example":{"password":"p"}}}');
    if (secret.state !== 'read') throw new Error(secret.state);
    expect(secret.logins.map(({ isEmpty }) => isEmpty)).to.deep.equal([false, true]);
  });

  it('tells nothing of a password, whatever is wrong', () => {
    for (const text of [
      '{"auths":{"r.example":{"username":"robot","password":"geheim"}}}',
      `{"auths":{"r.example":{"auth":"${base64('robot:geheim')}"}}}`,
      '{"auths":{"r.example":{"auth":"geheim"}}}',
      '{"auths":{"r.example":"geheim"}}',
      'geheim',
    ])
      expect(JSON.stringify(read(text)).toLowerCase())
        .to.not.contain('geheim')
        .and.not.contain(base64('geheim'));
  });
});
