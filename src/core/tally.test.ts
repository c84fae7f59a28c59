// The counts of a RegistryCredential from the verdicts of its namespaces.

import { expect } from 'chai';
import { failure, verdict } from '../testing/situations.ts';
import { tally } from './tally.ts';

describe('the tally', () => {
  it('of no namespace is nothing', () => {
    expect(tally(new Map())).to.deep.equal({
      namespaces: { selected: 0, synced: 0, failed: 0 },
      serviceAccounts: { selected: 0, attached: 0 },
      failures: [],
      leftOut: [],
      servedUnknown: new Set(),
    });
  });

  it('counts a namespace that fails as selected, and so its ServiceAccounts', () => {
    const { namespaces, serviceAccounts } = tally(
      new Map([
        ['a', verdict()],
        ['b', verdict(failure('Refused'))],
      ]),
    );
    expect(namespaces).to.deep.equal({ selected: 2, synced: 1, failed: 1 });
    expect(serviceAccounts).to.deep.equal({ selected: 2, attached: 1 });
  });

  it('names the failures by namespace', () => {
    const failing = verdict(failure('Refused'));
    const { failures } = tally(
      new Map([
        ['b', failing],
        ['a', failing],
        ['c', failing],
      ]),
    );
    expect(failures.map(({ namespace }) => namespace)).to.deep.equal(['a', 'b', 'c']);
  });

  it('has what is left out once when namespaces share it', () => {
    const leftOut = [{ server: 'r.io', registry: 0, winner: 'x' }];
    const shared = tally(
      new Map([
        ['a', verdict(undefined, leftOut)],
        ['b', verdict(undefined, leftOut)],
      ]),
    );
    expect(shared.leftOut).to.deep.equal(leftOut);
  });
});
