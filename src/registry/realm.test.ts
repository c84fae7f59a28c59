// Where a login may go and where never: rows of (registry, realm), and what becomes of each.

import { expect } from 'chai';
import { Dice } from '../testing/random.ts';
import { judgeRealm, type RealmProblem } from './realm.ts';
import { type RegistryAddress, registryAddress } from './registry-address.ts';

function at(server: string, insecure = false): RegistryAddress {
  const address = registryAddress(server, insecure);
  if (address === undefined) throw new Error(`${server} cannot be asked`);
  return address;
}

const R = 'registry.example.com';

describe('a realm', () => {
  const allowed: [server: string, realm: string, href?: string][] = [
    [R, `https://${R}/token`],
    [R, `https://${R}`, `https://${R}/`],
    [R, `https://${R}?x=1`, `https://${R}/?x=1`],
    [R, `https://${R}:443/token`, `https://${R}/token`],
    [R, `https://${R}:8443/token`],
    [`${R}:5000`, `https://${R}/token`],
    [`${R}:5000`, `https://${R}:5001/token?a=b&c=d`],
    [R, `HTTPS://Registry.Example.COM/token`, `https://${R}/token`],
    ['Registry.Example.com', `https://${R}/token`],
    ['registry.gitlab.example.com', 'https://gitlab.example.com/jwt/auth'],
    ['registry.gitlab.example.com', 'https://example.com/jwt/auth'],
    ['registry.gitlab.com', 'https://gitlab.com/jwt/auth'],
    ['ghcr.io', 'https://ghcr.io/token'],
    ['quay.io', 'https://quay.io/v2/auth'],
    ['docker.io', 'https://auth.docker.io/token'],
    ['https://index.docker.io/v1/', 'https://auth.docker.io/token'],
    ['docker.io/acme', 'https://auth.docker.io/token'],
    ['registry.digitalocean.com', 'https://api.digitalocean.com/v2/registry/auth'],
    ['acme.azurecr.io', 'https://acme.azurecr.io/oauth2/token'],
    ['acme.westeurope.data.azurecr.io', 'https://acme.azurecr.io/oauth2/token'],
    ['10.1.2.3:5000', 'https://10.1.2.3:5001/token'],
    ['[2001:db8::1]:5000', 'https://[2001:db8::1]:5001/token'],
    ['127.0.0.1:5000', 'http://127.0.0.1:5001/token'],
    ['localhost:5000', 'http://localhost:5001/token'],
    ['[::1]:5000', 'http://[::1]:5001/token'],
    ['xn--bcher-kva.example.com', 'https://xn--bcher-kva.example.com/token'],
    [R, `https://${R}/a@b`],
    [R, `https://${R}/?next=https://evil.example/`],
  ];
  for (const [server, realm, href = realm] of allowed) {
    it(`of ${server} may be ${realm}`, () => {
      const judged = judgeRealm(realm, at(server));
      expect(judged.ok ? judged.url.href : judged.problem).to.equal(href);
    });
  }

  const refused: Record<RealmProblem, readonly (readonly [server: string, realm: string])[]> = {
    elsewhere: [
      // CVE-2020-15157: the registry names a server of its author's choice.
      [R, 'https://evil.example/token'],
      [R, `https://${R}.evil.example/token`],
      [R, `https://evil${R}/token`],
      [R, `https://evil.${R}/token`],
      [R, 'https://evil.example.com/token'],
      [R, 'https://com/token'],
      [R, 'https://xample.com/token'],
      [R, `https://${R}./token`],
      [R, 'https://example.com./token'],
      [R, `https://.${R}/token`],
      [`${R}.`, 'https://com./token'],
      [`${R}.`, `https://${R}/token`],
      [R, 'https://localhost/token'],
      [R, 'https://127.0.0.1/token'],
      [R, 'https://[::1]/token'],
      [R, 'https://169.254.169.254/latest/meta-data/'],
      [R, 'https://kubernetes.default.svc/token'],
      [R, 'https://10.96.0.1/token'],
      [R, 'http://evil.example/token'],
      [R, 'https://auth.docker.io/token'],
      [R, 'https://acme.azurecr.io/oauth2/token'],
      [R, 'https://api.digitalocean.com/v2/registry/auth'],
      ['docker.io', 'https://auth.docker.io.evil.example/token'],
      ['docker.io', 'https://auth.docker.io:8443/token'],
      ['docker.io', 'https://evil.docker.io/token'],
      ['docker.io', 'https://auth.docker.io./token'],
      ['registry-1.docker.io:5000', 'https://auth.docker.io/token'],
      ['evilregistry-1.docker.io', 'https://auth.docker.io/token'],
      ['evilazurecr.io', 'https://acme.azurecr.io/token'],
      ['acme.azurecr.io', 'https://evilazurecr.io/token'],
      ['acme.azurecr.io', 'https://azurecr.io.evil.example/token'],
      ['10.1.2.3', 'https://10.1.2.4/token'],
      ['127.0.0.1:5000', 'http://localhost:5001/token'],
      ['127.0.0.1:5000', 'http://127.0.0.2:5001/token'],
      ['xn--bcher-kva.example.com', 'https://bcher.example.com/token'],
    ],
    'plain http': [
      [R, `http://${R}/token`],
      [R, 'http://example.com/token'],
      ['docker.io', 'http://auth.docker.io/token'],
      ['10.1.2.3', 'http://10.1.2.3/token'],
      ['https://127.0.0.1:5000', 'http://127.0.0.1:5000/token'],
    ],
    malformed: [
      [R, ''],
      [R, '/token'],
      [R, `//${R}/token`],
      [R, `${R}/token`],
      [R, `ftp://${R}/token`],
      [R, `file:///etc/passwd`],
      [R, `javascript:alert(1)`],
      [R, `https:${R}/token`],
      [R, `https:/${R}/token`],
      [R, `https:///${R}/token`],
      [R, `https://${R}@evil.example/token`],
      [R, `https://${R}:443@evil.example/token`],
      [R, `https://user:word@${R}/token`],
      [R, `https://@${R}/token`],
      [R, `https://evil.example\\@${R}/token`],
      [R, `https://${R}\\.evil.example/token`],
      [R, `https://${R}#@evil.example/`],
      [R, `https://evil.example#.${R}/`],
      [R, `https://${R}/token#x`],
      [R, `https://${R}:/token`],
      [R, `https://${R}:0/token`],
      [R, `https://${R}:0443/token`],
      [R, `https://${R}:65536/token`],
      [R, `https://${R}:443:443/token`],
      [R, `https://${R}:https/token`],
      [R, `https://${R} /token`],
      [R, ` https://${R}/token`],
      [R, `https://${R}/to\tken`],
      [R, `https://${R}\n.evil.example/token`],
      [R, `https://regi%73try.example.com/token`],
      [R, 'https://registry。example。com/token'],
      [R, 'https://registry.ex\u00adample.com/token'],
      ['xn--bcher-kva.example.com', 'https://bücher.example.com/token'],
      ['127.0.0.1:5000', 'http://2130706433:5000/token'],
      ['127.0.0.1:5000', 'http://0x7f.1:5000/token'],
      ['127.0.0.1:5000', 'http://127.1:5000/token'],
      ['10.1.2.3', 'https://1.2.3/token'],
      ['127.0.0.1:5000', 'http://0177.0.0.1:5000/token'],
      ['[::1]:5000', 'http://[0:0:0:0:0:0:0:1]:5000/token'],
      ['[::1]:5000', 'http://[::ffff:127.0.0.1]:5000/token'],
      ['[::1]:5000', 'http://[::1%25lo]:5000/token'],
      [R, `https://${R}/${'a'.repeat(2048)}`],
    ],
  };
  for (const [problem, rows] of Object.entries(refused)) {
    for (const [server, realm] of rows) {
      it(`of ${server} may not be ${JSON.stringify(realm.slice(0, 80))}: ${problem}`, () => {
        const judged = judgeRealm(realm, at(server));
        expect(judged.ok ? judged.url.href : judged.problem).to.equal(problem);
      });
    }
  }

  it('may be over plain http for a registry that is said to be insecure, at that host alone', () => {
    const insecure = at('registry.corp.example', true);
    const judge = (realm: string) => judgeRealm(realm, insecure, { tokenServers: ['auth.corp.example'] });
    expect(judge('http://registry.corp.example:8080/token').ok).to.equal(true);
    expect(judge('https://corp.example/token').ok).to.equal(true);
    expect(judge('http://corp.example/token')).to.deep.equal({ ok: false, problem: 'plain http' });
    expect(judge('http://auth.corp.example/token')).to.deep.equal({ ok: false, problem: 'plain http' });
  });

  const listed: [entry: string, realm: string, expected: boolean][] = [
    ['auth.corp.example', 'https://auth.corp.example/token', true],
    ['Auth.Corp.Example', 'https://auth.corp.example/token', true],
    ['auth.corp.example', 'https://auth.corp.example:8443/token', false],
    ['auth.corp.example:8443', 'https://auth.corp.example:8443/token', true],
    ['auth.corp.example:8443', 'https://auth.corp.example/token', false],
    ['auth.corp.example:443', 'https://auth.corp.example/token', true],
    ['auth.corp.example', 'https://evil.auth.corp.example/token', false],
    ['*.corp.example', 'https://a.b.corp.example/token', true],
    ['*.corp.example', 'https://corp.example/token', false],
    ['*.corp.example', 'https://evilcorp.example/token', false],
    ['*', 'https://corp.example/token', false],
    ['*.', 'https://corp.example/token', false],
    ['', 'https://corp.example/token', false],
  ];
  for (const [entry, realm, expected] of listed) {
    it(`${realm} is ${expected ? '' : 'not '}allowed by "${entry}"`, () => {
      expect(judgeRealm(realm, at(R), { tokenServers: [entry] }).ok).to.equal(expected);
    });
  }

  it('is taken only at a host of the registry, and by every way in which a URL can be taken apart', () => {
    const own = [R, 'example.com'];
    const pieces = [
      'https',
      'HTTP',
      '://',
      ':',
      '/',
      '\\\\',
      '@',
      '#',
      '?',
      '.',
      '%2e',
      '[',
      ']',
      '443',
      ' ',
      '\t',
    ] as const;
    const hosts = [R, 'example.com', 'evil.example', 'com', '127.0.0.1', '0x7f.1', 'token', 'é'] as const;
    const taken = new Set<string>();
    for (let seed = 1; seed <= 30_000; seed++) {
      const dice = new Dice(seed);
      const tail = Array.from({ length: dice.upTo(5) }, () =>
        dice.oneIn(2) ? dice.one(hosts) : dice.one(pieces),
      );
      const realm = `${dice.oneIn(4) ? '' : 'https://'}${dice.one(hosts)}${tail.join('')}`;
      const judged = judgeRealm(realm, at(R));
      if (!judged.ok) continue;
      taken.add(realm);
      // RFC 3986, appendix B; where a user ends, readers differ.
      const authority = /^https:\/\/([^/?#]*)/i.exec(realm)?.[1] ?? '';
      const ends = [authority.indexOf('@'), authority.lastIndexOf('@')];
      const read = ends.map(end => authority.slice(end + 1).replace(/:\d+$/, ''));
      for (const host of [judged.url.hostname, ...read])
        expect(own, `seed ${seed}: ${realm}`).to.include(host);
    }
    expect(taken.size).to.be.greaterThan(100);
  });
});
