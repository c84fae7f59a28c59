// What a CRD of another version may have stored, against the schema of this one.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { misshapen } from './shape.ts';
import { specSchema } from './spec-schema.ts';

const SOUND = {
  registries: [{ server: 'r.io', basic: { secretRef: { name: 'login' } } }],
  secretName: 'regcred',
  namespaceSelector: { matchLabels: { team: 'a' } },
  deletionPolicy: 'Delete',
};

const READABLE: Record<string, object> = {
  'all that is needed': {},
  'a field that this version does not know': { priority: 5 },
  'a source that this version does not know': { registries: [{ quantum: {} }] },
  'a list that is too short for the CRD': { registries: [] },
  'a text that is too long for the CRD': { secretName: 'a'.repeat(1_000) },
};

const UNREADABLE: Record<string, readonly [change: object, path: string]> = {
  'a list that is an object': [{ registries: {} }, 'spec.registries'],
  'an object that is a list': [{ namespaceSelector: [] }, 'spec.namespaceSelector'],
  'an item that is null': [{ registries: [null] }, 'spec.registries[0]'],
  'a reference without its name': [
    { registries: [SOUND.registries[0], { basic: { secretRef: {} } }] },
    'spec.registries[1].basic.secretRef.name',
  ],
  'a text that is a number': [{ secretName: 5 }, 'spec.secretName'],
  'a field that is not there, though the CRD fills it in': [{ secretName: undefined }, 'spec.secretName'],
  'a field that is only inherited': [
    { deletionPolicy: undefined, constructor: 'Delete' },
    'spec.deletionPolicy',
  ],
  'a word that this version does not know': [{ deletionPolicy: 'Archive' }, 'spec.deletionPolicy'],
  'a boolean that is a text': [{ suspend: 'true' }, 'spec.suspend'],
  'a label value that is no text, without its key': [
    { namespaceSelector: { matchLabels: { 'any text': 1 } } },
    'spec.namespaceSelector.matchLabels',
  ],
};

describe('a spec', () => {
  for (const [title, change] of Object.entries(READABLE))
    it(`is readable with ${title}`, () => {
      expect(misshapen(specSchema, { ...SOUND, ...change }, 'spec')).to.equal(undefined);
    });

  for (const [title, [change, path]] of Object.entries(UNREADABLE))
    it(`is not readable with ${title}`, () => {
      expect(misshapen(specSchema, { ...SOUND, ...change }, 'spec')).to.equal(path);
    });

  it('that is not there is not readable', () => {
    expect(misshapen(specSchema, undefined, 'spec')).to.equal('spec');
    expect(misshapen(specSchema, null, 'spec')).to.equal('spec');
  });
});
