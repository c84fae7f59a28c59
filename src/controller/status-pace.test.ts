// What may wait when many roll-outs are told of, and for how long.

import { expect } from 'chai';
import type { RegistryCredentialStatus } from '../api/types.ts';
import { isOnlyProgress, pauseOfProgress } from './status-pace.ts';

const STATUS: RegistryCredentialStatus = {
  observedGeneration: 1,
  conditions: [
    {
      type: 'Ready',
      status: 'False',
      reason: 'Progressing',
      message: 'rolling out to the selected namespaces',
      observedGeneration: 1,
      lastTransitionTime: '2026-01-01T00:00:00Z',
    },
  ],
  registries: [{ server: 'r.io', source: 'basic' }],
  namespaces: { selected: 10, synced: 9, failed: 1, summary: '9/10' },
  serviceAccounts: { selected: 10, attached: 9, summary: '9/10' },
  failures: [{ namespace: 'web', reason: 'Refused', message: 'a quota says no' }],
};
const FURTHER: RegistryCredentialStatus = {
  ...STATUS,
  namespaces: { selected: 20, synced: 19, failed: 1, summary: '19/20' },
  serviceAccounts: { selected: 20, attached: 19, summary: '19/20' },
};

describe('a status in a roll-out', () => {
  it('says only how far that has come where nothing but counts is new', () => {
    expect(isOnlyProgress(STATUS, FURTHER)).to.equal(true);
  });

  const more: Readonly<Record<string, Partial<RegistryCredentialStatus>>> = {
    'one more namespace fails, though it is not among those that are named': {
      namespaces: { selected: 20, synced: 18, failed: 2, summary: '18/20' },
    },
    'a namespace fails for another reason': {
      failures: [{ namespace: 'web', reason: 'ForeignSecret', message: 'somebody has one' }],
    },
    'a condition has changed': { conditions: [] },
    'another generation is observed': { observedGeneration: 2 },
    'a registry says something': { registries: [{ server: 'r.io', source: 'basic', message: 'it fails' }] },
    'a login ends': { expiresAt: '2026-01-01T00:00:00Z' },
  };
  for (const [what, changes] of Object.entries(more))
    it(`says more than that where ${what}`, () => {
      expect(isOnlyProgress(STATUS, { ...FURTHER, ...changes })).to.equal(false);
    });

  it('that is the first one is always more than that', () => {
    expect(isOnlyProgress(undefined, FURTHER)).to.equal(false);
  });

  it('that tells of progress only waits for the longer the more of them there are, half a minute at most', () => {
    expect([1, 5, 50, 1_000].map(pauseOfProgress)).to.deep.equal([200, 1_000, 10_000, 30_000]);
  });
});
