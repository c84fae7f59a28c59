// Every way in which a docker config can be wrong as a source, and that no message
// about it gives a login away.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { encodeEntry } from '../core/docker-config.ts';
import { sourceContext, sourceSecret } from '../testing/source-secrets.ts';
import { dockerConfig } from './docker-config.ts';

const PASSWORD = 'not-a-real-password';
const AUTH = btoa(`robot:${PASSWORD}`);
const TYPE = 'kubernetes.io/dockerconfigjson';
const registry = { dockerConfig: { secretRef: { name: 'login' } } };

const fetchFrom = (type: string, values: Record<string, string | Uint8Array>) =>
  dockerConfig.fetch(registry, sourceContext(sourceSecret('login', type, values)));
const fetchAuths = (auths: unknown) => fetchFrom(TYPE, { '.dockerconfigjson': JSON.stringify({ auths }) });

describe('the source dockerConfig', () => {
  it('every login of the Secret is taken, each with its auth', async () => {
    const fetched = await fetchAuths({
      'b.io': { auth: AUTH },
      'a.io': { username: 'robot', password: PASSWORD },
    });
    const entries = ['a.io', 'b.io'].map(server =>
      encodeEntry({ server, username: 'robot', password: PASSWORD }),
    );
    expect(fetched).to.deep.equal({ ok: true, entries, bad: [] });
  });

  it('a bad entry is named and the others are taken', async () => {
    const fetched = await fetchAuths({ 'a.io': { auth: AUTH }, 'b.io': { auth: `${AUTH}!` } });
    expect(fetched.ok && fetched.entries.map(({ server }) => server)).to.deep.equal(['a.io']);
    expect(fetched.ok && fetched.bad.map(({ server }) => server)).to.deep.equal(['b.io']);
  });

  it('it says what it reads, and that only the Secret knows the servers', () => {
    expect(dockerConfig.secretNames(registry)).to.deep.equal(['login']);
    expect(dockerConfig.servers(registry)).to.equal(undefined);
  });

  it('a Secret that is not there is to be created', async () => {
    expect(await dockerConfig.fetch(registry, sourceContext())).to.deep.equal({
      ok: false,
      reason: 'SecretNotFound',
      message:
        'Secret regcred-system/login not found: create it with kubectl -n regcred-system create secret docker-registry login --docker-server=… --docker-username=… --docker-password=…',
    });
  });
});

const config = (auths: unknown) => ({ '.dockerconfigjson': JSON.stringify({ auths }) });
const many = (count: number, entry: (index: number) => unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`r${index}.io`, entry(index)]));

type Row = { type?: string; values: Record<string, string | Uint8Array>; reason: string; message: RegExp };

const FAILURES: Record<string, Row> = {
  'a Secret of type Opaque': {
    type: 'Opaque',
    values: config({ 'r.io': { auth: AUTH } }),
    reason: 'SecretWrongType',
    message: /is of type Opaque, not kubernetes.io\/dockerconfigjson: delete it and run kubectl/,
  },
  'a Secret without its key': {
    values: { other: AUTH },
    reason: 'SecretMalformed',
    message: /no key \.dockerconfigjson/,
  },
  'an empty value': {
    values: { '.dockerconfigjson': '' },
    reason: 'SecretMalformed',
    message: /empty value/,
  },
  'a value that is not UTF-8': {
    values: { '.dockerconfigjson': Buffer.from(`${PASSWORD}\xff`, 'latin1') },
    reason: 'SecretMalformed',
    message: /not UTF-8/,
  },
  'a value that is not JSON': {
    values: { '.dockerconfigjson': `{"auths":{"r.io":{"password":"${PASSWORD}"` },
    reason: 'SecretMalformed',
    message: /not a JSON object/,
  },
  'a value without auths': {
    values: { '.dockerconfigjson': JSON.stringify({ 'r.io': { auth: AUTH } }) },
    reason: 'SecretMalformed',
    message: /object "auths"/,
  },
  'an emptied auths': { values: config({}), reason: 'SecretMalformed', message: /already handed out stay/ },
  'a single bad entry': {
    values: config({ 'r.io': { auth: AUTH.slice(1) } }),
    reason: 'SecretMalformed',
    message: /no usable login: r\.io: auth is not/,
  },
  'a password for a server': {
    values: config({ [PASSWORD]: { auth: AUTH }, [`robot:${PASSWORD}@r.io`]: {}, [AUTH]: {} }),
    reason: 'SecretMalformed',
    message: /not shown/,
  },
  'many bad entries': {
    values: config(many(40, () => ({ username: 'ro:bot', password: PASSWORD }))),
    reason: 'SecretMalformed',
    message: /r0\.io: .*; r1\.io: .*; r10\.io: .*; and 37 more$/,
  },
  'bad entries with long names': {
    values: config(
      Object.fromEntries(['a', 'b', 'c', 'd'].map(x => [`r.io/${x.repeat(500)}`, { identitytoken: AUTH }])),
    ),
    reason: 'SecretMalformed',
    message: /([^;]+…: only a token, [^;]+ username and password; ){3}and 1 more$/,
  },
  'logins that take over a megabyte once they are written': {
    values: config(many(10_000, index => ({ auth: btoa(`robot:${PASSWORD}-${index}`) }))),
    reason: 'SecretTooLarge',
    message: /take \d+ bytes, a Secret holds 1000000: remove/,
  },
};

describe('the source dockerConfig fails with a value', () => {
  for (const [title, { type = TYPE, values, reason, message }] of Object.entries(FAILURES)) {
    it(`${title} is ${reason}, and the message holds no credential`, async () => {
      const fetched = await fetchFrom(type, values);
      expect(fetched).to.deep.include({ ok: false, reason });
      const said = fetched.ok ? '' : fetched.message;
      expect(said).to.match(message).and.to.have.lengthOf.at.most(512);
      expect(said).to.contain('regcred-system/login');
      for (const secret of [PASSWORD, btoa(PASSWORD), AUTH, AUTH.slice(1)])
        expect(said).to.not.contain(secret.slice(0, 8));
    });
  }

  it('no message about an entry that was left out holds a credential', async () => {
    const good = { auth: AUTH };
    const bad = [
      { auth: AUTH.slice(1) },
      { auth: btoa(PASSWORD) },
      { username: 'a:b', password: PASSWORD },
      AUTH,
      [AUTH],
    ];
    const fetched = await fetchAuths({
      'z.io': good,
      [PASSWORD]: good,
      ...many(bad.length, index => bad[index]),
    });
    const said = JSON.stringify(fetched.ok && fetched.bad);
    expect(fetched.ok && fetched.bad).to.have.lengthOf(6);
    for (const secret of [PASSWORD, btoa(PASSWORD), AUTH]) expect(said).to.not.contain(secret.slice(0, 8));
  });

  it('the longest names that Kubernetes allows do not make a message longer than 512', async () => {
    const context = { ...sourceContext(), namespace: 'n'.repeat(63) };
    const fetched = await dockerConfig.fetch(
      { dockerConfig: { secretRef: { name: 's'.repeat(253) } } },
      context,
    );
    expect(!fetched.ok && fetched.message).to.have.lengthOf(512);
  });
});
