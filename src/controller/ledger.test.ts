// The ledger says for whom something changed, so that no status is written for nothing.

import { expect } from 'chai';
import type { Verdict } from '../core/change.ts';
import { failure, verdict } from '../testing/situations.ts';
import { Ledger } from './ledger.ts';

const verdicts = (byCredential: Record<string, Verdict>) => new Map(Object.entries(byCredential));
const NONE: readonly [] = [];

describe('the ledger', () => {
  it('tells who is concerned by what is new, different or gone, and nobody else', () => {
    const ledger = new Ledger();
    const same = verdict(undefined, NONE);
    expect(ledger.record('apps', verdicts({ one: same, two: same }))).to.deep.equal(['one', 'two']);
    expect(ledger.record('apps', verdicts({ one: { ...same }, two: same }))).to.deep.equal([]);
    expect(
      ledger.record('apps', verdicts({ one: same, two: verdict(failure('Refused'), NONE) })),
    ).to.deep.equal(['two']);
    expect(ledger.record('apps', verdicts({ one: same }))).to.deep.equal(['two']);
    expect(ledger.record('apps', new Map())).to.deep.equal(['one']);
    expect(ledger.record('apps', new Map())).to.deep.equal([]);
  });

  it('sees every part of a verdict', () => {
    const first: Verdict = verdict(failure('Refused', 'no'), NONE);
    const others: Verdict[] = [
      { ...first, failure: failure('Refused', 'never') },
      { ...first, failure: failure('Forbidden', 'no') },
      { ...first, serviceAccounts: { selected: 2, attached: 0 } },
      { ...first, serviceAccounts: { selected: 1, attached: 1 } },
      { ...first, leftOut: [{ server: 'r.io', registry: 0, winner: 'x' }] },
    ];
    for (const other of others) {
      const ledger = new Ledger();
      ledger.record('apps', verdicts({ one: first }));
      expect(ledger.record('apps', verdicts({ one: other }))).to.deep.equal(['one']);
    }
  });

  it('counts each RegistryCredential by itself, over all its namespaces', () => {
    const ledger = new Ledger();
    ledger.record('a', verdicts({ one: verdict(), two: verdict(failure('Refused')) }));
    ledger.record('b', verdicts({ one: verdict() }));
    expect(ledger.tally('one').namespaces).to.deep.equal({ selected: 2, synced: 2, failed: 0 });
    expect(ledger.tally('two').namespaces).to.deep.equal({ selected: 1, synced: 0, failed: 1 });
    expect(ledger.namespacesOf('one')).to.deep.equal(['a', 'b']);
    ledger.forget('one');
    expect(ledger.tally('one').namespaces.selected).to.equal(0);
    expect(ledger.namespacesOf('one')).to.deep.equal([]);
  });
});
