// The reading of the proxy variables, where a mistake sends the cluster's traffic through a proxy.

import { expect } from 'chai';
import { proxyFor } from './proxy.ts';

const proxy = 'http://proxy.corp:3128';

describe('the proxy to a server', () => {
  const excluded: [string, string][] = [
    ['https://10.96.0.1:443', '10.96.0.1'],
    ['https://10.96.0.1:443', '192.168.0.0/16,10.0.0.0/8'],
    ['https://[fd00::1]:443', 'fd00::/8'],
    ['https://[fd00::1]:443', 'fd00::1'],
    ['https://[fd00::1]', '[fd00::1]:443'],
    ['https://api.corp.example:6443', '.corp.example'],
    ['https://api.corp.example:6443', 'corp.example'],
    ['https://api.corp.example:6443', '*.corp.example:6443'],
    ['https://API.corp.example', 'api.CORP.example'],
    ['https://kubernetes', 'a b, *'],
    ['https://127.0.0.1:6443', ''],
    ['https://localhost:6443', ''],
  ];
  for (const [server, noProxy] of excluded) {
    it(`goes directly to ${server} when NO_PROXY is "${noProxy}"`, () => {
      expect(proxyFor(server, undefined, { HTTPS_PROXY: proxy, NO_PROXY: noProxy })).to.equal(undefined);
    });
  }
  const proxied: [string, string][] = [
    ['https://11.0.0.1:443', '10.0.0.0/8'],
    ['https://10.0.0.1:443', '10.0.0.0/99,10.0.0.0/,bad/8'],
    ['https://api.corp.example:6443', 'corp.example:443'],
    ['https://notcorp.example', 'corp.example'],
    ['https://10.96.0.1', '0.1'],
  ];
  for (const [server, noProxy] of proxied) {
    it(`uses the proxy for ${server} when NO_PROXY is "${noProxy}"`, () => {
      expect(proxyFor(server, undefined, { HTTPS_PROXY: proxy, NO_PROXY: noProxy })).to.equal(proxy);
    });
  }

  it('reads the variables in lower case too, and a proxy without a scheme as http', () => {
    expect(proxyFor('https://a.example', undefined, { https_proxy: 'p:1' })).to.equal('http://p:1');
  });

  it('keeps the variable for http apart from the one for https', () => {
    expect(proxyFor('https://a.example', undefined, { HTTP_PROXY: proxy })).to.equal(undefined);
    expect(proxyFor('http://a.example', undefined, { HTTP_PROXY: proxy })).to.equal(proxy);
  });

  it('obeys the proxy-url of the kubeconfig before the environment', () => {
    const environment = { HTTPS_PROXY: proxy, NO_PROXY: '*' };
    expect(proxyFor('https://a.example', 'http://other:1', environment)).to.equal('http://other:1');
  });

  for (const bad of ['ftp://user:hunter2@proxy', 'http://user:hunter2@pro xy', 'socks4://hunter2']) {
    it(`refuses ${bad} without quoting it`, () => {
      const refused = (): unknown => proxyFor('https://a.example', undefined, { HTTPS_PROXY: bad });
      expect(refused).to.throw(RangeError, /^HTTPS_PROXY (?!.*hunter2)/);
    });
  }
});
