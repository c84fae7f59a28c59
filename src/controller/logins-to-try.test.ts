// With what each login is tried: with its registry's CA, with the token servers of its registry, with the image.

import { expect } from 'chai';
import type { RegistrySpec } from '../api/types.ts';
import { encodeEntry } from '../core/docker-config.ts';
import type { SourceSecretRecord } from '../core/records.ts';
import { AUTHORITY_A } from '../testing/test-certificates.ts';
import { type Candidate, imageProblem, MOST_LOGINS, trialsOf } from './logins-to-try.ts';
import { RecordStore } from './record-store.ts';

describe('the logins to try', () => {
  const candidate = (server: string, password = 'p4ssw0rd', more: Partial<RegistrySpec> = {}): Candidate => ({
    registry: { server, basic: { secretRef: { name: 'login' } }, ...more },
    entry: encodeEntry({ server, username: 'robot', password }),
  });
  const secret = (data: Record<string, string>): SourceSecretRecord => ({
    name: 'ca',
    uid: 'u',
    resourceVersion: '1',
    type: 'Opaque',
    internal: false,
    data: Object.fromEntries(
      Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
    ),
  });

  function trials(all: readonly Candidate[], image?: string, ca?: SourceSecretRecord) {
    const sources = new RecordStore<SourceSecretRecord>(() => undefined);
    if (ca !== undefined) sources.observe(ca);
    const tokenServers = new Map([['docker.io', ['tokens.example']]]);
    const world = { sources, operatorNamespace: 'regcred-system' };
    return trialsOf(all, image, { world, verifying: { tokenServers } });
  }
  const asked = (all: readonly Candidate[], image?: string) =>
    trials(all, image).map(({ ask }) => {
      if ('outcome' in ask) return `${ask.reason}: ${ask.message}`;
      const { server, image: pulled } = ask.login;
      return pulled === undefined ? server : `${server} with ${pulled.path}:${pulled.tag}`;
    });

  it('are tried with user and password, and with whose they are where their source tells', () => {
    const [one] = trials([{ ...candidate('r.io', 'pass:word'), account: 'of-the-fetch' }]);
    expect(one?.ask).to.deep.equal({
      login: { server: 'r.io', username: 'robot', password: 'pass:word', account: 'of-the-fetch' },
      options: { insecure: false, ca: undefined, tokenServers: undefined },
    });
  });

  it('have the token servers of their own registry', () => {
    const all = trials([candidate('https://index.docker.io/v1/'), candidate('r.io')]);
    expect(all.map(({ ask }) => 'options' in ask && ask.options.tokenServers)).to.deep.equal([
      ['tokens.example'],
      undefined,
    ]);
  });

  const images: Record<string, [servers: string[], image: string, asked: string[]]> = {
    'the login that the kubelet tries first, which has the longest path': [
      ['r.io', 'r.io/team', 'other.io'],
      'r.io/team/app:v1',
      ['r.io', 'r.io/team with team/app:v1', 'other.io'],
    ],
    'the first of two for one server': [
      ['r.io', 'https://r.io/v1/'],
      'r.io/app:v1',
      ['r.io with app:v1', 'https://r.io/v1/'],
    ],
    'the host of the image, where the login is for a pattern': [
      ['*.example.com'],
      'eu.example.com/app:v1',
      ['eu.example.com with app:v1'],
    ],
    'the login of Docker Hub for a name without host': [
      ['https://index.docker.io/v1/'],
      'team/app:v1',
      ['https://index.docker.io/v1/ with team/app:v1'],
    ],
    'nobody where none is for it, and go without it': [
      ['r.io', 'other.io'],
      'third.io/app:v1',
      ['r.io', 'other.io'],
    ],
  };
  for (const [title, [servers, image, expected]] of Object.entries(images))
    it(`ask for the image by ${title}`, () => {
      expect(
        asked(
          servers.map(server => candidate(server)),
          image,
        ),
      ).to.deep.equal(expected);
    });

  it('leave it to a word besides that none is for the image', () => {
    const all = [candidate('r.io'), candidate('other.io')];
    const problem = imageProblem(all, 'third.io/app:v1');
    expect(`${problem?.reason}: ${problem?.message}`).to.equal(
      'ImageUnusable: no login of spec.registries is for spec.verification.image (third.io/app:v1): name an image that one of them is for',
    );
    for (const image of ['other.io/app:v1', undefined]) expect(imageProblem(all, image)).to.equal(undefined);
  });

  it('are the same trial only where the answer has to be', () => {
    const ids = [
      trials([candidate('r.io')]),
      trials([candidate('r.io', 'other')]),
      trials([candidate('r.io', 'p4ssw0rd', { insecure: true })]),
      trials([candidate('r.io')], 'r.io/app:v1'),
      trials([candidate('r.io', 'p4ssw0rd', { caSecretRef: { name: 'ca' } })]),
      trials(
        [candidate('r.io', 'p4ssw0rd', { caSecretRef: { name: 'ca' } })],
        undefined,
        secret({ 'ca.crt': AUTHORITY_A.cert }),
      ),
    ].map(([one]) => one?.id);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(trials([candidate('r.io')])[0]?.id).to.equal(ids[0]);
    expect(ids.join()).to.not.contain('p4ssw0rd');
  });

  const cas: Record<string, [data: Record<string, string> | undefined, message: RegExp | undefined]> = {
    'that is there': [{ 'ca.crt': `# ours\n${AUTHORITY_A.cert}\n${AUTHORITY_A.cert}` }, undefined],
    'whose Secret is missing': [
      undefined,
      /^Secret regcred-system\/ca not found, .* kubectl -n regcred-system create secret generic ca --from-file=ca.crt=FILE$/,
    ],
    'under another key': [{ 'tls.crt': AUTHORITY_A.cert }, /has no key ca.crt: put the CA there, in PEM$/],
    'that is a key': [{ 'ca.crt': AUTHORITY_A.key }, /has no certificates in PEM under ca.crt: correct it$/],
    'that is spoiled': [
      { 'ca.crt': AUTHORITY_A.cert.replace(/\n[^-]{20}/, '\nAAAAAAAAAAAAAAAAAAAA') },
      /has no certificates in PEM/,
    ],
  };
  for (const [title, [data, message]] of Object.entries(cas))
    it(`have a CA ${title}`, () => {
      const all = [candidate('r.io', 'p4ssw0rd', { caSecretRef: { name: 'ca' } })];
      const [one] = trials(all, undefined, data && secret(data));
      if (message === undefined) expect(one?.ask).to.have.nested.property('options.ca', data?.['ca.crt']);
      else expect(one?.ask).to.have.property('message').that.matches(message);
    });

  it('are no more than 256', () => {
    const all = Array.from({ length: MOST_LOGINS + 2 }, (_, at) => candidate(`r${at}.io`));
    const open = trials(all).filter(({ ask }) => 'outcome' in ask);
    expect(open.map(({ id }) => id)).to.deep.equal(['beyond r256.io', 'beyond r257.io']);
  });
});
