// What is told of the way in which the operator logs in.

import { expect } from 'chai';
import { ownBearer } from './own-bearer.ts';

const by = (headers: Record<string, string>) => ({ authenticate: async () => ({ headers, tls: {} }) });

describe('the token of the operator', () => {
  it('is what it shows to the API server, however the header is spelled', async () => {
    expect(await ownBearer(by({ authorization: 'Bearer a.b.c' }))).to.equal('a.b.c');
    expect(await ownBearer(by({ Authorization: 'bearer  a.b.c' }))).to.equal('a.b.c');
  });

  it('is none where it shows a certificate or a password', async () => {
    expect(await ownBearer(by({}))).to.equal(undefined);
    expect(await ownBearer(by({ authorization: 'Basic YTpi' }))).to.equal(undefined);
  });
});
