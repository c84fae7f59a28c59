// What is served when a source fails: what it gave last, for as long as the item of
// spec.registries is the same.

import { expect } from 'chai';
import type { RegistrySpec } from '../api/types.ts';
import { type AuthEntry, loginId } from '../core/auth-entry.ts';
import type { RegistryMaterial } from '../core/material.ts';
import type { Fetched } from '../sources/source.ts';
import { login } from '../testing/views.ts';
import { previousMaterial, settle } from './last-known-good.ts';

const basic = (server: string, name = 'login'): RegistrySpec => ({ server, basic: { secretRef: { name } } });
const docker = (name = 'login'): RegistrySpec => ({ dockerConfig: { secretRef: { name } } });
const known = (...entries: AuthEntry[]): RegistryMaterial => ({ state: 'known', entries });
/** The same, after others. */
const knownAfter = (entry: AuthEntry, ...earlier: AuthEntry[]): RegistryMaterial => ({
  state: 'known',
  entries: [entry],
  earlier: earlier.map(loginId),
});
const gives = (...entries: AuthEntry[]): Fetched => ({ ok: true, entries, bad: [] });
const FAILS: Fetched = { ok: false, reason: 'SecretNotFound', message: 'not found' };
const ABSENT: RegistryMaterial = { state: 'absent' };
const UNKNOWN: RegistryMaterial = { state: 'unknown', keys: ['r.io'] };
const OLD = login('r.io', 'old');
const NEW = login('r.io', 'new');

describe('a source that gives a login', () => {
  it('replaces what there was, also what it does not give any more', () => {
    const { material, report } = settle(docker(), gives(NEW), known(OLD, login('q.io')));
    expect(material).to.deep.equal(knownAfter(NEW, OLD, login('q.io')));
    expect(report).to.include({
      state: 'serving',
      message: undefined,
      server: 'r.io',
      source: 'dockerConfig',
    });
  });

  it('shows three of its servers and how many more there are', () => {
    const entries = ['a.io', 'b.io', 'c.io', 'd.io', 'e.io'].map(server => login(server));
    expect(settle(docker(), gives(...entries), ABSENT).report.server).to.equal('a.io, b.io, c.io and 2 more');
  });

  it('says when the login ends', () => {
    const expiresAt = new Date(0);
    expect(
      settle(docker(), { ok: true, entries: [OLD], bad: [], expiresAt }, ABSENT).report.expiresAt,
    ).to.equal(expiresAt);
  });
});

describe('a source that fails', () => {
  const rows: Record<string, [previous: RegistryMaterial, state: string]> = {
    'leaves its last known good login in use': [known(OLD), 'kept'],
    'leaves open what an earlier run wrote': [UNKNOWN, 'unknown'],
    'has nothing when it never gave anything': [ABSENT, 'failed'],
  };
  for (const [sentence, [previous, state]] of Object.entries(rows))
    it(sentence, () => {
      const settled = settle(basic('r.io'), FAILS, previous);
      expect(settled.material).to.equal(previous);
      expect(settled.report).to.include({ state, message: 'not found', server: 'r.io', source: 'basic' });
    });
});

describe('one bad entry of a sound source', () => {
  const withBad = (server: string | undefined): Fetched => ({
    ok: true,
    entries: [login('q.io')],
    bad: [{ server, message: 'no colon' }],
  });

  it('stays in its last good form', () => {
    const { material, report } = settle(docker(), withBad('r.io'), known(OLD));
    expect(material).to.deep.equal(known(login('q.io'), OLD));
    expect(report).to.include({ state: 'partial', message: 'r.io: no colon' });
  });

  it('is recognised in another spelling', () => {
    expect(settle(docker(), withBad('https://r.io/v1/'), known(OLD)).material).to.deep.equal(
      known(login('q.io'), OLD),
    );
  });

  it('is left out when there is no good form of it', () => {
    expect(settle(docker(), withBad('r.io'), ABSENT).material).to.deep.equal(known(login('q.io')));
  });

  it('is left open when an earlier run may have written a good form of it', () => {
    expect(settle(docker(), withBad('r.io'), { state: 'unknown', keys: undefined }).material).to.deep.equal({
      ...known(login('q.io')),
      unknownKeys: ['r.io'],
    });
    expect(settle(docker(), withBad('r.io'), { state: 'unknown', keys: ['x.io'] }).material).to.deep.equal(
      known(login('q.io')),
    );
  });

  it('stays open as long as it is bad', () => {
    const open = { ...known(login('q.io')), unknownKeys: ['r.io'] } as RegistryMaterial;
    expect(settle(docker(), withBad('r.io'), open).material).to.deep.equal(open);
    expect(settle(docker(), gives(NEW), open).material).to.deep.equal(knownAfter(NEW, login('q.io')));
  });

  it('does not stand in for a good spelling of the same server', () => {
    const fetched: Fetched = { ok: true, entries: [NEW], bad: [{ server: 'https://r.io', message: 'bad' }] };
    expect(settle(docker(), fetched, known(OLD)).material).to.deep.equal(knownAfter(NEW, OLD));
  });

  it('without a name that can be shown is told without it', () => {
    expect(settle(docker(), withBad(undefined), known(OLD)).report.message).to.equal('an entry: no colon');
  });
});

describe('what was known of a registry before', () => {
  const state = (spec: RegistrySpec, entry: AuthEntry) => settle(spec, gives(entry), ABSENT);
  const previous = (specs: RegistrySpec[], index: number, earlier: ReturnType<typeof state>[]) =>
    previousMaterial(specs, index, earlier, () => ABSENT);
  const r = basic('r.io');
  const q = basic('q.io', 'other');

  it('is that of the same item, wherever it stood', () => {
    const earlier = [state(r, OLD), state(q, login('q.io'))];
    expect(previous([q, r], 1, earlier)).to.deep.equal(known(OLD));
    expect(previous([q], 0, earlier)).to.deep.equal(known(login('q.io')));
  });

  it('is that of the same item, in whatever order its keys were written', () => {
    expect(
      previous([{ basic: { secretRef: { name: 'login' } }, server: 'r.io' }], 0, [state(r, OLD)]),
    ).to.deep.equal(known(OLD));
  });

  it('is that of the item it replaces when only the Secret is another', () => {
    expect(previous([basic('r.io', 'fresh')], 0, [state(r, OLD)])).to.deep.equal(known(OLD));
  });

  it('is that of the same item when only the spelling of its server is another, wherever it stood', () => {
    expect(previous([basic('https://r.io/v1/')], 0, [state(r, OLD)])).to.deep.equal(known(OLD));
    expect(previous([q, basic('https://r.io/v1/')], 1, [state(r, OLD)])).to.deep.equal(known(OLD));
  });

  it('is nothing when it is for another server', () => {
    expect(previous([basic('x.io')], 0, [state(r, OLD)])).to.equal(ABSENT);
  });

  it('is nothing when the source is of another kind', () => {
    expect(previous([docker()], 0, [state(r, OLD)])).to.equal(ABSENT);
  });

  it('is nothing when the item in its place is still there elsewhere', () => {
    expect(previous([basic('r.io', 'fresh'), r], 0, [state(r, OLD)])).to.equal(ABSENT);
  });
});
