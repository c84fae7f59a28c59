// A demo is run before an audience: what it prints of a login must let nobody in.

import { expect } from 'chai';
import { maskedDockerConfig } from './masked.ts';

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64');

describe('a docker config that is shown', () => {
  it('has password and auth masked and the rest readable', () => {
    const auth = Buffer.from('user:hunter2').toString('base64');
    const entry = { username: 'user', password: 'hunter2', email: 'user@org.com', auth };
    const shown = maskedDockerConfig(encode({ auths: { 'r.io': entry } }));
    expect(JSON.parse(shown)).to.deep.equal({
      auths: { 'r.io': { username: 'user', password: '***', email: 'user@org.com', auth: '***' } },
    });
  });

  it('has every field masked that it does not know', () => {
    const shown = maskedDockerConfig(
      encode({ auths: { 'r.io': { identitytoken: 'hunter2' } }, HttpHeaders: { a: 'hunter2' } }),
    );
    expect(shown).not.to.contain('hunter2');
  });
});
