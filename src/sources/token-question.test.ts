// How a token endpoint is reached: by TLS, through proxies, and never at an address where a secret may not go.

import { expect } from 'chai';
import { AuthorizationServer } from '../testing/authorization/authorization-server.ts';
import { AUTHORITY_A, AUTHORITY_B } from '../testing/test-certificates.ts';
import type { TokenRequest } from './oauth-request.ts';
import { askForToken, type QuestionOptions } from './token-question.ts';

const REQUEST: TokenRequest = {
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'grant_type=client_credentials',
};

const ask = (url: string, options: Partial<QuestionOptions> = {}) =>
  askForToken(new URL(url), REQUEST, { environment: {}, signal: new AbortController().signal, ...options });

async function said(url: string, options: Partial<QuestionOptions> = {}): Promise<string> {
  const answer = await ask(url, options);
  return 'message' in answer ? `${answer.reason}: ${answer.message}` : `answered ${answer.status}`;
}

describe('a token endpoint', () => {
  it('with a certificate of an authority that is trusted is asked', async () => {
    const server = await AuthorizationServer.start({ tls: AUTHORITY_A });
    expect(await said(server.tokenEndpoint, { ca: AUTHORITY_A.cert })).to.equal('answered 401');
    await server.stop();
  });

  it('with another certificate is not sent anything', async () => {
    const server = await AuthorizationServer.start({ tls: AUTHORITY_A });
    for (const ca of [undefined, AUTHORITY_B.cert])
      expect(await said(server.tokenEndpoint, { ca })).to.match(
        /^TokenUnavailable: .*its certificate is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\): give the operator its CA/,
      );
    expect(server.asked).to.deep.equal([]);
    await server.stop();
  });

  it('that does not speak TLS is not sent anything', async () => {
    const server = await AuthorizationServer.start();
    const url = server.tokenEndpoint.replace('http:', 'https:');
    expect(await said(url)).to.match(/^TokenUnavailable: could not get a token from 127/);
    expect(server.asked).to.deep.equal([]);
    await server.stop();
  });

  const INSIDE = [
    '127.0.0.1',
    '169.254.169.254',
    '::1',
    '::ffff:169.254.169.254',
    'fe80::1',
    '168.63.129.16',
    '0.0.0.0',
  ];
  for (const address of INSIDE)
    it(`whose name leads to ${address} is not asked`, async () => {
      const server = await AuthorizationServer.start();
      const url = server.tokenEndpoint.replace('127.0.0.1', 'sts.example');
      const resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }];
      expect(await said(url, { resolve })).to.match(
        /: it is at an address of this machine or of the cloud, where no/,
      );
      expect(server.asked).to.deep.equal([]);
      await server.stop();
    });

  it('that is written as an address of the cloud is not asked', async () => {
    expect(await said('https://169.254.169.254/token')).to.contain('where no secret is sent');
    expect(await said('https://[fd00:ec2::254]/token')).to.contain('where no secret is sent');
  });

  it('on this machine is asked by a word for it only, and that word leads nowhere else', async () => {
    const server = await AuthorizationServer.start();
    const url = server.tokenEndpoint.replace('127.0.0.1', 'localhost');
    const at = (address: string) => ({ resolve: async () => [{ address, family: 4 }] });
    expect(await said(url, at('127.0.0.1'))).to.equal('answered 401');
    expect(await said(url, at('10.0.0.1'))).to.contain('where no secret is sent');
    await server.stop();
  });

  it('behind a proxy is asked by way of it, and a proxy that cannot be used is named and not quoted', async () => {
    const environment = { HTTPS_PROXY: 'http://127.0.0.1:9' };
    expect(await said('https://sts.example/token', { environment })).to.contain('(ECONNREFUSED)');
    const bad = { HTTPS_PROXY: 'ftp://u:hunter2@proxy' };
    expect(await said('https://sts.example/token', { environment: bad }))
      .to.contain('HTTPS_PROXY is no proxy that can be used: write http://')
      .and.not.to.contain('hunter2');
  });

  it('that nobody knows is said to be unknown', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    expect(await said('https://sts.example/token', { resolve })).to.equal(
      'TokenUnavailable: could not get a token from sts.example: there is no such host (ENOTFOUND): it is tried again',
    );
  });
});
