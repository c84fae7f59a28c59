// Every way in which the Secret of a basic login can be wrong, and that no message
// about it gives the login away.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { encodeEntry } from '../core/docker-config.ts';
import { sourceContext, sourceSecret } from '../testing/source-secrets.ts';
import { basic } from './basic.ts';

const PASSWORD = 'not-a-real-password';
const LOGIN = { username: 'robot', password: PASSWORD };
const registry = { server: 'r.io/team', basic: { secretRef: { name: 'login' } } };

const fetchFrom = (type: string, values: Record<string, string | Uint8Array>, spec = registry) =>
  basic.fetch(spec, sourceContext(sourceSecret('login', type, values)));

describe('the source basic', () => {
  for (const type of ['Opaque', 'kubernetes.io/basic-auth', 'example.com/anything']) {
    it(`a Secret of type ${type} gives the login of its server`, async () => {
      const entries = [encodeEntry({ server: 'r.io/team', ...LOGIN })];
      expect(await fetchFrom(type, LOGIN)).to.deep.equal({ ok: true, entries, bad: [] });
    });
  }

  it('the e-mail address comes along', async () => {
    const entries = [encodeEntry({ server: 'r.io/team', ...LOGIN, email: 'robot@r.io' })];
    expect(await fetchFrom('Opaque', { ...LOGIN, email: 'robot@r.io' })).to.deep.include({ entries });
  });

  it('an empty e-mail address counts as none', async () => {
    const entries = [encodeEntry({ server: 'r.io/team', ...LOGIN })];
    expect(await fetchFrom('Opaque', { ...LOGIN, email: '' })).to.deep.include({ entries });
  });

  it('a byte order mark in the password is kept', async () => {
    const entries = [encodeEntry({ server: 'r.io/team', username: 'robot', password: '\ufefffake' })];
    expect(await fetchFrom('Opaque', { username: 'robot', password: '\ufefffake' })).to.deep.include({
      entries,
    });
  });

  it('without a server it is a login of Docker Hub', async () => {
    const hub = { basic: registry.basic };
    const fetched = await basic.fetch(hub, sourceContext(sourceSecret('login', 'Opaque', LOGIN)));
    expect(fetched.ok && fetched.entries[0]).to.include({
      server: 'https://index.docker.io/v1/',
      key: 'index.docker.io',
    });
    expect(basic.servers(hub)).to.deep.equal(['https://index.docker.io/v1/']);
  });

  it('it says what it reads and serves', () => {
    expect(basic.secretNames(registry)).to.deep.equal(['login']);
    expect(basic.servers(registry)).to.deep.equal(['r.io/team']);
  });

  it('a Secret that is not there is to be created', async () => {
    expect(await basic.fetch(registry, sourceContext())).to.deep.equal({
      ok: false,
      reason: 'SecretNotFound',
      message:
        'Secret regcred-system/login not found: create it with kubectl -n regcred-system create secret generic login --from-literal=username=… --from-literal=password=…',
    });
  });

  it('a server that no image can name is refused and not shown', async () => {
    const fetched = await fetchFrom('Opaque', LOGIN, { ...registry, server: 'u:fake@r.io' });
    expect(fetched).to.deep.include({ ok: false, reason: 'ServerUnusable' });
    expect(!fetched.ok && fetched.message).to.not.contain('fake');
  });
});

type Row = { type?: string; values: Record<string, string | Uint8Array>; reason: string; message: RegExp };

const FAILURES: Record<string, Row> = {
  'a missing username': {
    values: { password: PASSWORD },
    reason: 'SecretMalformed',
    message: /no key username/,
  },
  'a missing password': {
    values: { username: 'robot' },
    reason: 'SecretMalformed',
    message: /no key password/,
  },
  'an empty username': {
    values: { ...LOGIN, username: '' },
    reason: 'SecretMalformed',
    message: /empty value of username/,
  },
  'an empty password': {
    values: { ...LOGIN, password: '' },
    reason: 'SecretMalformed',
    message: /empty value of password/,
  },
  'a username with a colon': {
    values: { ...LOGIN, username: 'ro:bot' },
    reason: 'SecretMalformed',
    message: /colon in username/,
  },
  'a password that is not UTF-8': {
    values: { ...LOGIN, password: Buffer.from(`${PASSWORD}\xff`, 'latin1') },
    reason: 'SecretMalformed',
    message: /password that is not UTF-8/,
  },
  'an e-mail address that is not UTF-8': {
    values: { ...LOGIN, email: new Uint8Array([255]) },
    reason: 'SecretMalformed',
    message: /email that is not UTF-8/,
  },
  'a password with the line break of echo': {
    values: { ...LOGIN, password: `${PASSWORD}\n` },
    reason: 'SecretMalformed',
    message: /line break at the end of password/,
  },
  'a docker config': {
    type: 'kubernetes.io/dockerconfigjson',
    values: LOGIN,
    reason: 'SecretWrongType',
    message: /dockerConfig\.secretRef/,
  },
  'a docker config of the old kind': {
    type: 'kubernetes.io/dockercfg',
    values: LOGIN,
    reason: 'SecretWrongType',
    message: /delete it and run kubectl/,
  },
  'a password of 600 kB': {
    values: { ...LOGIN, password: PASSWORD.repeat(32_000) },
    reason: 'SecretTooLarge',
    message: /over 1000000 bytes/,
  },
};

describe('the source basic fails with a value', () => {
  for (const [title, { type = 'Opaque', values, reason, message }] of Object.entries(FAILURES)) {
    it(`${title} is ${reason}, and the message holds no credential`, async () => {
      const fetched = await fetchFrom(type, values);
      expect(fetched).to.deep.include({ ok: false, reason });
      const said = fetched.ok ? '' : fetched.message;
      expect(said).to.match(message).and.to.have.lengthOf.at.most(512);
      expect(said).to.contain('regcred-system/login');
      const secrets = [PASSWORD, ...['robot:', 'ro:bot:', ''].map(user => btoa(user + PASSWORD))];
      for (const secret of secrets) expect(said).to.not.contain(secret.slice(0, 8));
    });
  }
});
