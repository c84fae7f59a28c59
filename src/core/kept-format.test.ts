// What is kept comes back as it was, and what is not of this version, or was spoilt, never does any harm.

import { expect } from 'chai';
import fc from 'fast-check';
import type { RegistrySpec } from '../api/types.ts';
import { login } from '../testing/views.ts';
import { encodeEntry, MAX_DOCKER_CONFIG_BYTES } from './docker-config.ts';
import { decodeKept, encodeKept, type Kept, type KeptRegistry } from './kept-format.ts';

const credential = { name: 'team', uid: 'uid-of-team' };
const basic = (server: string, name = 'login'): RegistrySpec => ({ server, basic: { secretRef: { name } } });
const docker: RegistrySpec = { dockerConfig: { secretRef: { name: 'config' } } };
const registry = (spec: RegistrySpec, ...entries: KeptRegistry['entries']): KeptRegistry => ({
  spec,
  entries,
  earlier: [],
  rejected: [],
});
const kept = (...registries: Kept['registries'][number][]): Kept => ({ credential, registries });
const decoded = (value: unknown) => decodeKept(JSON.stringify(value));
const encoded = (...registries: Kept['registries'][number][]) => JSON.parse(encodeKept(kept(...registries)));

describe('the logins that are kept', () => {
  it('come back as they were, in their places, with what is known of tokens', () => {
    const token = { key: 'of-the-fetch', fetchedAt: 1_000, expiresAt: 2_000 };
    const all = kept(
      { ...registry(basic('r.io'), login('r.io')), earlier: ['digest r.io'] },
      undefined,
      { ...registry(docker, login('a.io'), login('b.io')), token },
      { ...registry(basic('c.io'), login('c.io')), token: { key: 'k', fetchedAt: 5, expiresAt: undefined } },
      {
        ...registry(basic('d.io'), login('d.io')),
        rejected: [{ id: 'digest d.io', message: 'd.io says no' }],
      },
      {
        ...registry(basic('f.io'), login('f.io')),
        token,
        offered: { ...token, entries: [login('f.io', 'next')] },
      },
      { ...registry(basic('e.io')), rejected: [{ id: 'digest e.io', message: 'no' }], gaveNone: true },
    );
    expect(decodeKept(encodeKept(all))).to.deep.equal(all);
  });

  it('are the same bytes in whatever order they were found', () => {
    const [a, b] = [login('a.io'), login('b.io')];
    expect(encodeKept(kept(registry(docker, a, b)))).to.equal(encodeKept(kept(registry(docker, b, a))));
  });

  it('come back byte for byte whatever is in them', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 });
    const user = text.filter(name => !name.includes(':'));
    fc.assert(
      fc.property(user, text, text, (username, password, email) => {
        const entry = encodeEntry({ server: 'r.io', username, password, email });
        const back = decodeKept(encodeKept(kept(registry(basic('r.io'), entry))));
        expect(back?.registries[0]?.entries).to.deep.equal([entry]);
      }),
    );
  });

  it('leave those out for which the Secret has no room, and go on with what fits', () => {
    const huge = login('a.io', 'x'.repeat(MAX_DOCKER_CONFIG_BYTES / 3));
    const text = encodeKept(
      kept(registry(basic('a.io'), huge), registry(basic('b.io'), login('b.io')), registry(docker, huge)),
    );
    expect(Buffer.byteLength(text)).to.be.lessThan(1_048_576);
    const servers = decodeKept(text)?.registries.map(one => one?.entries.map(({ server }) => server));
    expect(servers).to.deep.equal([['a.io'], ['b.io'], []]);
  });
});

describe('what is not to be read', () => {
  const one = registry(basic('r.io'), login('r.io'));
  for (const [what, text] of Object.entries({
    'no JSON': '{"version":1,',
    'no object': '[1]',
    'of another version': JSON.stringify({ ...encoded(one), version: 2 }),
    'of nobody': JSON.stringify({ ...encoded(one), credential: undefined }),
    'without registries': JSON.stringify({ ...encoded(one), registries: {} }),
  }))
    it(`counts as nothing kept when it is ${what}`, () => {
      expect(decodeKept(text)).to.equal(undefined);
    });

  for (const [what, change] of Object.entries({
    'without its spec': { spec: undefined },
    'with a spec of another form': { spec: { server: 'r.io', basic: {} } },
    'without logins': { auths: undefined },
  }))
    it(`counts as a gap when it is a registry ${what}`, () => {
      const [item] = encoded(one).registries;
      const [gap, sound] =
        decoded({ ...encoded(), registries: [{ ...item, ...change }, item] })?.registries ?? [];
      expect(gap).to.equal(undefined);
      expect(sound).to.deep.equal(one);
    });

  for (const [what, auths] of Object.entries({
    'a login that is none': { 'r.io': { password: 'alone' } },
    'a server that is none': { '%': { username: 'u', password: 'p' } },
    'no login': {},
  }))
    it(`may have been known when there is ${what}`, () => {
      const [item] = encoded(one).registries;
      expect(decoded({ ...encoded(), registries: [{ ...item, auths }] })?.registries).to.deep.equal([
        { ...one, entries: [] },
      ]);
    });

  it('takes nothing with it: a token of another form is left out', () => {
    const [item] = encoded(one).registries;
    expect(decoded({ ...encoded(), registries: [{ ...item, token: { key: 1 } }] })?.registries).to.deep.equal(
      [one],
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.json(), text => void decodeKept(text)));
    const registries = fc.array(
      fc.record({ spec: fc.anything(), auths: fc.anything(), token: fc.anything() }),
    );
    fc.assert(
      fc.property(registries, items => {
        decodeKept(JSON.stringify({ version: 1, credential, registries: items }) ?? '');
      }),
    );
  });
});
