// That the spec's keys and the table of sources go together.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { STORED_SOURCES } from '../api/registry-schema.ts';
import type { RegistrySpec } from '../api/types.ts';
import { fetchStored, sourceContext } from '../testing/source-secrets.ts';
import { basic } from './basic.ts';
import { dockerConfig } from './docker-config.ts';
import { oauth } from './oauth.ts';
import { registered, sourceOf } from './registered.ts';

const secretRef = { name: 'login' };

describe('the registered sources', () => {
  it('a registry is served by the source whose key it has', () => {
    expect(sourceOf({ server: 'r.io', basic: { secretRef } })).to.include({ kind: basic.kind });
    expect(sourceOf({ dockerConfig: { secretRef } })).to.include({ kind: dockerConfig.kind });
    expect(sourceOf({ server: 'r.io', oauth: { tokenEndpoint: 'https://a/', username: 'u' } })).to.include({
      kind: oauth.kind,
    });
  });

  it('are stored where the schema says so, and give tokens else', () => {
    const stored = registered.filter(({ gives }) => gives === 'stored').map(({ kind }) => kind);
    expect(stored).to.deep.equal(STORED_SOURCES);
  });

  it('each has a key of its own, and reads nothing for a registry of another source', () => {
    expect(new Set(registered.map(({ kind }) => kind)).size).to.equal(registered.length);
    for (const source of registered) expect(source.secretNames({ server: 'r.io' })).to.deep.equal([]);
  });

  it('a registry of a source that a newer version brought fails, with what to do', async () => {
    const registry = { server: 'r.io', quantum: {} } as RegistrySpec;
    expect(sourceOf(registry).secretNames(registry)).to.deep.equal([]);
    expect(sourceOf(registry).servers(registry)).to.equal(undefined);
    expect(await fetchStored(registry, sourceContext())).to.deep.equal({
      ok: false,
      reason: 'SourceUnknown',
      message: `this version of the operator knows the sources ${registered.map(({ kind }) => kind).join(', ')}, not quantum: upgrade the operator`,
    });
  });
});
