import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readSpec } from './read-spec.ts';

const SOUND = {
  registries: [{ dockerConfig: { secretRef: { name: 'login' } } }],
  secretName: 'team-login',
  namespaceSelector: { matchLabels: { team: 'a' } },
  deletionPolicy: 'Orphan',
};

describe('readSpec', () => {
  it('gives a sound spec as it stands', () => {
    expect(readSpec(SOUND)).to.deep.equal({ spec: SOUND, unreadable: undefined });
  });

  it('suspends what it cannot read, and keeps the fields that it can', () => {
    const { spec, unreadable } = readSpec({ ...SOUND, registries: 'many' });
    expect(unreadable).to.equal('spec.registries');
    expect(spec).to.deep.equal({ ...SOUND, registries: [{}], suspend: true });
  });

  it('suspends a spec that is not there, or of which nothing can be read', () => {
    for (const stored of [undefined, null, 'text', [], { secretName: 5, suspend: false }])
      expect(readSpec(stored).spec).to.deep.equal({
        registries: [{}],
        secretName: 'regcred',
        namespaceSelector: {},
        deletionPolicy: 'Delete',
        suspend: true,
      });
  });
});
