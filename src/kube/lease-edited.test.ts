// People edit Leases by hand, to "force" a change of leader or to see what happens: there never are
// two leaders by it, and there soon is one.

import { expect } from 'chai';
import { OPERATOR_NAMESPACE } from '../testing/builders.ts';
import { settle } from '../testing/fake-clock.ts';
import { LEASE, LeaseRig, type Replica } from '../testing/lease-rig.ts';
import type { LeaseSpec } from './lease-record.ts';

const EDITS: Readonly<Record<string, LeaseSpec | undefined>> = {
  'loses its holder': { holderIdentity: '', leaseDurationSeconds: 15 },
  'loses its spec': {},
  'is deleted': undefined,
  'is handed to the other replica': { holderIdentity: 'b', leaseDurationSeconds: 15 },
  'goes to somebody who is not there, for a second': { holderIdentity: 'x', leaseDurationSeconds: 1 },
  'goes to somebody who is not there, for 63 years': {
    holderIdentity: 'x',
    leaseDurationSeconds: 2_000_000_000,
  },
  'goes to somebody who is not there, once too often to count': {
    holderIdentity: 'x',
    leaseTransitions: 2 ** 31 - 1,
  },
};

for (const connection of ['up', 'silent'] as const) {
  describe(`a Lease that is edited by hand while the connection of its holder is ${connection}`, () => {
    let rig: LeaseRig;
    let holder: Replica;

    beforeEach(async () => {
      rig = new LeaseRig();
      holder = rig.replica('a');
      const other = rig.replica('b');
      holder.election.start();
      await settle();
      other.election.start();
      await rig.clock.advance(20_500);
      holder.connection = connection;
    });
    afterEach(async () => {
      await rig.stop();
      expect(rig.clock.pending).to.equal(0);
    });

    for (const [name, spec] of Object.entries(EDITS)) {
      it(`has one leader at most when it ${name}, and one within a minute and a half`, async () => {
        if (spec === undefined) rig.server.delete('leases', OPERATOR_NAMESPACE, LEASE);
        else {
          rig.server.update('leases', `${OPERATOR_NAMESPACE}/${LEASE}`, lease =>
            Object.assign(lease, { spec }),
          );
        }
        await rig.clock.advance(90_000);
        expect(rig.mostLeaders, 'at the same time').to.equal(1);
        expect(rig.leaders).to.have.length(1);
        expect(rig.lease?.leaseTransitions ?? 0).to.be.below(2 ** 31);
      });
    }
  });
}
