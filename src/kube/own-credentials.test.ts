// The operator's own token and its proxy's password are masked like any registry's login.

import { expect } from 'chai';
import { createRedactor } from '../redactor.ts';
import { OwnCredentials } from './own-credentials.ts';

function rig() {
  const { learn, forget, redact } = createRedactor();
  const own = new OwnCredentials({ learn, forget });
  const logIn = (authorization?: string) =>
    own.noteAuthentication({ headers: authorization === undefined ? {} : { authorization }, tls: {} });
  return { own, logIn, redact };
}

describe("the operator's own credentials", () => {
  it('are masked whatever their form, and after a rotation for as long as answers may quote the old one', () => {
    const { logIn, redact } = rig();
    logIn('Bearer the-first-token');
    expect(redact(`"the-first-token" ${btoa('the-first-token')}`)).to.equal('"***" ***');
    logIn('Bearer the-first-token');
    logIn('Bearer the-second-token');
    expect(redact('the-first-token the-second-token')).to.equal('*** ***');
    logIn('Bearer the-third-token');
    expect(redact('the-first-token the-second-token')).to.equal('the-first-token ***');
    logIn();
    expect(redact('the-third-token')).to.equal('***');
  });

  it('are masked when they are a password', () => {
    const { logIn, redact } = rig();
    logIn(`Basic ${btoa('admin:pass:word')}`);
    expect(redact(`admin has pass:word, ${btoa('admin:pass:word')}`)).to.equal('admin has ***, ***');
  });

  it('of a proxy are masked as they are written and as they are sent', () => {
    const { own, redact } = rig();
    own.noteProxy("http://me:pa'ss%40w0rd@proxy:3128");
    expect(redact("me: pa'ss@w0rd pa'ss%40w0rd")).to.equal('me: *** ***');
    expect(redact(btoa("me:pa'ss@w0rd"))).to.equal('***');
    expect(redact(btoa(btoa("me:pa'ss@w0rd")))).to.match(/^\*\*\*=*$/);
    own.noteProxy('http://token-as-user@proxy:3128');
    expect(redact('token-as-user')).to.equal('***');
    own.noteProxy('http://me:100%-geheim@proxy');
    expect(redact('100%-geheim')).to.equal('***');
    own.noteProxy(undefined);
  });
});
