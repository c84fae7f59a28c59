// The bytes in the first table are what kubectl 1.37.2 wrote for these flags.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { contentOf, encodeDockerConfig, encodeEntry, parseDockerConfig } from './docker-config.ts';

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');

const FROM_KUBECTL: Record<string, { login: Parameters<typeof encodeEntry>[0]; bytes: string }> = {
  'a login with an e-mail address has its four fields in order': {
    login: {
      server: 'private-registry.io',
      username: 'registry-user',
      password: 'not-a-real-password',
      email: 'registry-user@org.com',
    },
    bytes:
      '{"auths":{"private-registry.io":{"username":"registry-user","password":"not-a-real-password","email":"registry-user@org.com","auth":"cmVnaXN0cnktdXNlcjpub3QtYS1yZWFsLXBhc3N3b3Jk"}}}',
  },
  'an absent e-mail address is left out': {
    login: { server: 'https://index.docker.io/v1/', username: 'user', password: 'not-a-real-password' },
    bytes:
      '{"auths":{"https://index.docker.io/v1/":{"username":"user","password":"not-a-real-password","auth":"dXNlcjpub3QtYS1yZWFsLXBhc3N3b3Jk"}}}',
  },
  'an empty e-mail address is left out': {
    login: { server: 'r.io', username: 'u', password: 'fake:with:colons', email: '' },
    bytes:
      '{"auths":{"r.io":{"username":"u","password":"fake:with:colons","auth":"dTpmYWtlOndpdGg6Y29sb25z"}}}',
  },
  'angle brackets, ampersands, quotes and backslashes are escaped as Go does': {
    login: { server: 'r.io:5000/team', username: '<a>&b', password: 'fake<>&"\\/\'`$' },
    bytes:
      '{"auths":{"r.io:5000/team":{"username":"\\u003ca\\u003e\\u0026b","password":"fake\\u003c\\u003e\\u0026\\"\\\\/\'`$","auth":"PGE+JmI6ZmFrZTw+JiJcLydgJA=="}}}',
  },
  'line and paragraph separators are escaped': {
    login: { server: 'r.io', username: 'u', password: 'fake\u2028\u2029end' },
    bytes:
      '{"auths":{"r.io":{"username":"u","password":"fake\\u2028\\u2029end","auth":"dTpmYWtl4oCo4oCpZW5k"}}}',
  },
  'other characters beyond ASCII stay as they are': {
    login: { server: 'r.io', username: 'u', password: 'fake-😀-é-ü-漢字' },
    bytes:
      '{"auths":{"r.io":{"username":"u","password":"fake-😀-é-ü-漢字","auth":"dTpmYWtlLfCfmIAtw6ktw7wt5ryi5a2X"}}}',
  },
  'control characters are escaped, the short way where there is one': {
    login: { server: 'r.io', username: 'u', password: 'fake\b\f\n\r\t\u0001\u001f\u007fend' },
    bytes:
      '{"auths":{"r.io":{"username":"u","password":"fake\\b\\f\\n\\r\\t\\u0001\\u001f\u007fend","auth":"dTpmYWtlCAwKDQkBH39lbmQ="}}}',
  },
  'a byte order mark is kept': {
    login: { server: 'r.io', username: 'u', password: '\ufefffake ' },
    bytes: '{"auths":{"r.io":{"username":"u","password":"\ufefffake ","auth":"dTrvu79mYWtlIA=="}}}',
  },
  'the server is escaped too': {
    login: { server: 'r.io/<a>&b"c', username: 'u', password: 'fake' },
    bytes:
      '{"auths":{"r.io/\\u003ca\\u003e\\u0026b\\"c":{"username":"u","password":"fake","auth":"dTpmYWtl"}}}',
  },
};

const entryOf = (server: string, password = 'fake') => encodeEntry({ server, username: 'u', password });

describe('encodeDockerConfig', () => {
  for (const [title, { login, bytes }] of Object.entries(FROM_KUBECTL)) {
    it(title, () => {
      expect(encodeDockerConfig([encodeEntry(login)])).to.equal(bytes);
    });
  }

  it('servers are sorted by their bytes, whatever the order of the entries', () => {
    const servers = ['b.io', 'B.io', 'a.io/z', 'a.io', 'r.io/\u{1f600}', 'r.io/\uff5e', 'https://a.io'];
    const sorted = ['B.io', 'a.io', 'a.io/z', 'b.io', 'https://a.io', 'r.io/\uff5e', 'r.io/\u{1f600}'];
    const text = encodeDockerConfig(servers.map(server => entryOf(server)));
    expect(Object.keys(JSON.parse(text).auths)).to.deep.equal(sorted);
    expect(encodeDockerConfig(servers.toReversed().map(server => entryOf(server)))).to.equal(text);
  });

  it('no entry at all is an empty docker config', () => {
    expect(encodeDockerConfig([])).to.equal('{"auths":{}}');
  });

  it('a server without a key is a mistake of the caller and is not quoted', () => {
    expect(() => entryOf('u:fake@r.io'))
      .to.throw(TypeError)
      .with.property('message')
      .that.does.not.contain('fake');
  });
});

const U_P = '{"username":"u","password":"fake","auth":"dTpmYWtl"}';

describe('parseDockerConfig', () => {
  it('one bad entry leaves the others as they are, sorted by server', () => {
    const good = { auth: 'dTpmYWtl' };
    const parsed = parseDockerConfig(JSON.stringify({ auths: { 'c.io': good, 'b.io': {}, 'a.io': good } }));
    expect(parsed).to.deep.include({ ok: true, entries: [entryOf('a.io'), entryOf('c.io')] });
    expect(parsed.ok && parsed.bad.map(({ server }) => server)).to.deep.equal(['b.io']);
  });

  for (const server of ['user:fake@r.io', 'fake-password', 'https://u@r.io', 'r.io?fake', 'r.io:fake', '']) {
    it(`the key ${JSON.stringify(server)} is bad and is not shown`, () => {
      const parsed = parseDockerConfig(JSON.stringify({ auths: { [server]: { auth: 'dTpmYWtl' } } }));
      expect(parsed).to.deep.include({ ok: true, entries: [] });
      expect(parsed.ok && parsed.bad).to.have.lengthOf(1);
      expect(parsed.ok && parsed.bad[0]?.server).to.equal(undefined);
      expect(parsed.ok && parsed.bad[0]?.message)
        .to.match(/not shown/)
        .and.not.match(/fake/);
    });
  }

  it('of two spellings of one server the first by bytes is used and the other one reported', () => {
    const auths = { 'r.io': { auth: base64('u:fake-1') }, 'https://r.io/v2/': { auth: base64('u:fake-2') } };
    const parsed = parseDockerConfig(JSON.stringify({ auths }));
    expect(parsed).to.deep.include({ ok: true, entries: [entryOf('https://r.io/v2/', 'fake-2')] });
    expect(parsed.ok && parsed.bad[0]?.server).to.equal('r.io');
    expect(parsed.ok && parsed.bad[0]?.message).to.contain('https://r.io/v2/');
  });

  it('two spellings with the same login are no reason to complain', () => {
    const auths = { 'r.io': { auth: 'dTpmYWtl' }, 'https://r.io': { username: 'u', password: 'fake' } };
    const parsed = parseDockerConfig(JSON.stringify({ auths }));
    expect(parsed).to.deep.equal({ ok: true, entries: [entryOf('https://r.io')], bad: [] });
  });

  it('a bad entry does not take the place of a good one for the same server', () => {
    const parsed = parseDockerConfig(
      JSON.stringify({ auths: { 'https://r.io': {}, 'r.io': { auth: 'dTpmYWtl' } } }),
    );
    expect(parsed).to.deep.include({ ok: true, entries: [entryOf('r.io')] });
  });

  it('auths counts in any case, and what else docker writes is ignored', () => {
    const text = JSON.stringify({
      Auths: { 'r.io': { auth: 'dTpmYWtl' } },
      credsStore: 'desktop',
      HttpHeaders: {},
    });
    expect(parseDockerConfig(text)).to.deep.equal({ ok: true, entries: [entryOf('r.io')], bad: [] });
  });

  it('what it wrote it reads back as the same entries', () => {
    for (const { login } of Object.values(FROM_KUBECTL).filter(row => !row.login.server.includes('<'))) {
      const entries = [encodeEntry(login)];
      expect(parseDockerConfig(encodeDockerConfig(entries))).to.deep.equal({ ok: true, entries, bad: [] });
    }
  });

  it('auths that is there twice is not read, or the logins in one of them would be lost in silence', () => {
    for (const [one, other] of [
      ['auths', 'auths'],
      ['Auths', 'auths'],
      ['auths', 'auth\u017f'],
      ['auths', '\\u0061uths'],
    ])
      expect(
        parseDockerConfig(`{"${one}":{"a.io":${U_P}},"${other}":{"b.io":${U_P}}}`),
        `${one} and ${other}`,
      ).to.deep.equal({ ok: false, message: 'a JSON object with more than one "auths", to be put into one' });
  });

  it('auths within auths is a server like any other', () => {
    const parsed = parseDockerConfig(`{"auths":{"auths":${U_P},"a.io":${U_P}}}`);
    expect(parsed).to.deep.include({ ok: true, entries: [entryOf('a.io')] });
  });

  const NO_DOCKER_CONFIG: Record<string, string> = {
    'an empty text': '',
    'a text that is not JSON': 'fake-password',
    'a list': '[]',
    'a docker config of the old kind': '{"r.io":{"auth":"dTpmYWtl"}}',
    'auths that is null': '{"auths":null}',
    'auths that is a list': '{"auths":[]}',
    'auths under __proto__': '{"__proto__":{"auths":{}}}',
    'a million open brackets': '['.repeat(1_000_000),
    'objects nested too deep to be closed': '{"auths":'.repeat(100_000),
  };
  for (const [title, text] of Object.entries(NO_DOCKER_CONFIG)) {
    it(`${title} is not a docker config`, () => {
      expect(parseDockerConfig(text)).to.deep.equal({
        ok: false,
        message: 'not a JSON object with an object "auths"',
      });
      expect(contentOf(text).entries.size).to.equal(0);
    });
  }

  it('an entry with deep nesting in it is read, nothing overflows', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const text = `{"auths":{"r.io":{"x":${deep},"auth":"dTpmYWtl"},"s.io":${deep}}}`;
    expect(parseDockerConfig(text)).to.deep.include({ ok: true, entries: [entryOf('r.io')] });
    expect(contentOf(text).entries.get('r.io')).to.be.a('string');
  });
});

describe('contentOf', () => {
  it('what encodeDockerConfig wrote has the digests of its entries, by their keys', () => {
    const entries = Object.values(FROM_KUBECTL).map(({ login }, index) =>
      encodeEntry({ ...login, server: `${login.server}${index}` }),
    );
    const content = contentOf(encodeDockerConfig(entries));
    expect([...content.entries].sort()).to.deep.equal(entries.map(({ key, digest }) => [key, digest]).sort());
  });

  it('another password is another digest, of the text and of the entry', () => {
    const [one, two] = ['fake-1', 'fake-2'].map(password =>
      contentOf(encodeDockerConfig([entryOf('r.io', password)])),
    );
    expect(one?.digest)
      .to.match(/^[0-9a-f]{64}$/)
      .and.not.equal(two?.digest);
    expect(one?.entries.get('r.io'))
      .to.match(/^[0-9a-f]{64}$/)
      .and.not.equal(two?.entries.get('r.io'));
  });

  it('the same login in other bytes changes the digest of the text only', () => {
    const ours = contentOf(encodeDockerConfig([entryOf('r.io')]));
    const theirs = contentOf(JSON.stringify({ auths: { 'r.io': JSON.parse(U_P) } }, null, 2));
    expect(theirs.entries).to.deep.equal(ours.entries);
    expect(theirs.digest).to.not.equal(ours.digest);
  });

  it('of two spellings of one server the first by bytes counts', () => {
    const [first, second] = [entryOf('https://r.io', 'fake-1'), entryOf('r.io', 'fake-2')];
    const text = encodeDockerConfig([second, first]);
    expect([...contentOf(text).entries]).to.deep.equal([['r.io', first.digest]]);
  });

  it('an entry that is no object is no login', () => {
    expect(contentOf('{"auths":{"r.io":null}}').entries.size).to.equal(0);
  });

  it('of more entries than a Secret of ours can have none is kept', () => {
    const auths = Object.fromEntries(Array.from({ length: 17_000 }, (_, index) => [`r${index}.io`, {}]));
    expect(contentOf(JSON.stringify({ auths })).entries.size).to.equal(0);
  });
});
