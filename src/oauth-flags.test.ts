// The two lists on the command line, and what is said of an entry that cannot be obeyed.

import { expect } from 'chai';
import { parseOAuthLists } from './oauth-flags.ts';

const FILE = 'quay=/var/run/secrets/regcred/quay/token';
const TWO = `${FILE},https://sts.example.com=/tokens/sts`;

describe('the lists of oauth', () => {
  it('are empty without a flag', () => {
    expect(parseOAuthLists('', '')).to.deep.equal({ endpoints: [], audiences: new Map() });
  });

  it('take endpoints with and without audience, and audiences that are URLs', () => {
    const endpoints =
      'https://a.example/token, http://127.0.0.1:8080/token=quay,https://[fd00::1]:8443/=https://sts.example.com';
    expect(parseOAuthLists(endpoints, TWO)).to.deep.equal({
      endpoints: [
        { url: 'https://a.example/token', audience: undefined },
        { url: 'http://127.0.0.1:8080/token', audience: 'quay' },
        { url: 'https://[fd00::1]:8443/', audience: 'https://sts.example.com' },
      ],
      audiences: new Map([
        ['quay', '/var/run/secrets/regcred/quay/token'],
        ['https://sts.example.com', '/tokens/sts'],
      ]),
    });
  });

  const NO_ENDPOINT = [
    'http://a.example/token',
    'https://a.example',
    'https://A.example/token',
    'https://user@a.example/token',
    'https://user:pass@a.example/token',
    'https://a.example:443/token',
    'https://a.example/token?a',
    'https://a.example/token#a',
    'https://a.example/../token',
    'https://a.example/%2e%2e/token',
    'https://a.example\\b/token',
    'https://0x7f.1/token',
    'https://127.1/token',
    'https://bücher.example/token',
    'https://*.example/token',
    'http://127.0.0.2/token',
    'http://localhost.example/token',
    'a.example/token',
    'ftp://a.example/token',
    `https://a.example/${'a'.repeat(320)}`,
  ];
  for (const entry of [...NO_ENDPOINT, ''])
    it(`refuse an endpoint that is ${JSON.stringify(entry.slice(0, 40))}`, () => {
      const list = `https://ok.example/token,${entry}`;
      const parsed = parseOAuthLists(list, '');
      expect(parsed).to.deep.include({ flag: 'oauth-token-endpoints', entry });
      expect('problem' in parsed && parsed.problem).to.match(/^is no token endpoint; write https:/);
    });

  it('refuse an endpoint for an audience that has no file', () => {
    const parsed = parseOAuthLists('https://a.example/token=other', FILE);
    expect('problem' in parsed && parsed.problem).to.match(
      /^has an audience that is not in --oauth-audiences; write/,
    );
  });

  const BAD: Readonly<Record<string, RegExp>> = {
    quay: /^is no AUDIENCE=FILE; write the absolute path/,
    'quay=': /^is no AUDIENCE=FILE/,
    'quay=token': /^is no AUDIENCE=FILE/,
    '=/token': /^has no audience before the =/,
    'a b=/token': /^has no audience before the =/,
    [`${'a'.repeat(256)}=/token`]: /^has no audience before the =/,
    'quay=/other': /^names an audience twice/,
    'https://kubernetes.default.svc=/token':
      /^names an audience of the API server, whose token is sent to nobody/,
    'https://kubernetes.default.svc.cluster.local=/t': /^names an audience of the API server/,
    'HTTPS://KUBERNETES.DEFAULT.SVC=/t': /^names an audience of the API server/,
    'https://kubernetes.default.svc:443/=/t': /^names an audience of the API server/,
    'kubernetes.default=/t': /^names an audience of the API server/,
    'kubernetes=/t': /^names an audience of the API server/,
    'api=/t': /^names an audience of the API server/,
  };
  for (const [entry, problem] of Object.entries(BAD))
    it(`refuse an audience ${JSON.stringify(entry.slice(0, 60))}`, () => {
      const parsed = parseOAuthLists('', `${FILE},${entry}`);
      expect(parsed).to.deep.include({ flag: 'oauth-audiences', entry });
      expect('problem' in parsed && parsed.problem).to.match(problem);
    });

  it('take what is only like an audience of the API server', () => {
    for (const audience of ['api.example', 'kubernetes.example', 'https://kubernetes.default.svc.example/x'])
      expect(parseOAuthLists('', `${audience}=/t`)).not.to.have.property('problem');
  });

  it('refuse more entries than anybody needs', () => {
    const many = Array.from({ length: 33 }, (_, i) => `a${i}=/t`).join(',');
    expect(parseOAuthLists('', many)).to.deep.include({ flag: 'oauth-audiences' });
    const endpoints = Array.from({ length: 33 }, (_, i) => `https://a${i}.example/`).join(',');
    expect(parseOAuthLists(endpoints, '')).to.deep.include({ flag: 'oauth-token-endpoints' });
  });
});
