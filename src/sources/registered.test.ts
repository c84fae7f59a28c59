// That the spec's keys and the table of sources go together.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { basic } from './basic.ts';
import { dockerConfig } from './docker-config.ts';
import { registered, sourceOf } from './registered.ts';

const secretRef = { name: 'login' };

describe('the registered sources', () => {
  it('a registry is served by the source whose key it has', () => {
    expect(sourceOf({ server: 'r.io', basic: { secretRef } })).to.equal(basic);
    expect(sourceOf({ dockerConfig: { secretRef } })).to.equal(dockerConfig);
  });

  it('each has a key of its own, and reads nothing for a registry of another source', () => {
    expect(new Set(registered.map(({ kind }) => kind)).size).to.equal(registered.length);
    for (const source of registered) expect(source.secretNames({ server: 'r.io' })).to.deep.equal([]);
  });

  it('a registry of an unknown source is refused with the sources that there are', () => {
    expect(() => sourceOf({ server: 'r.io' })).to.throw('this version knows basic, dockerConfig only');
  });
});
