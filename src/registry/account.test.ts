// Whose account a login is of.

import { expect } from 'chai';
import { accountOf } from './account.ts';

describe('the account of a login', () => {
  const of = (username: string, password: string, account?: string): string =>
    accountOf({ username, password, account });

  it('is that of its user, whatever the password', () => {
    expect(of('robot', 'one')).to.equal(of('robot', 'two'));
    expect(of('robot', 'one')).to.not.equal(of('other', 'one'));
  });

  it('is told by the password where all have the same name', () => {
    expect(of('_json_key', 'one')).to.not.equal(of('_json_key', 'two'));
    expect(of('_json_key', 'one')).to.equal(of('_json_key', 'one'));
  });

  it('is what its source says, for all that the source gives', () => {
    expect(of('AWS', 'one', 'a')).to.equal(of('AWS', 'two', 'a'));
    expect(of('AWS', 'one', 'a')).to.not.equal(of('AWS', 'one', 'b'));
    expect(of('x', 'one', 'x')).to.not.equal(of('x', 'one'));
  });
});
