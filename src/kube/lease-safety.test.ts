// Whatever connections do, two replicas never lead at once: seeded schedules of faults.

import { expect } from 'chai';
import { LeaseRig } from '../testing/lease-rig.ts';
import { seeded } from '../testing/random.ts';

const SEEDS = 40;
const CONNECTIONS = ['up', 'up', 'silent', 'deaf'] as const;

/** How many terms there were. */
async function schedule(seed: number): Promise<number> {
  const rig = new LeaseRig();
  const random = seeded(seed);
  const skew = () => (random() - 0.5) * 7_200_000;
  for (const name of ['a', 'b', 'c']) rig.replica(name, skew(), random).election.start();
  for (let step = 0; step < 200; step++) {
    for (const replica of rig.replicas) {
      if (random() < 0.1) replica.connection = CONNECTIONS[Math.floor(random() * 4)] ?? 'up';
    }
    await rig.clock.advance(random() * 3_000);
    expect(rig.mostLeaders, `seed ${seed}, step ${step}`).to.be.at.most(1);
  }
  for (const replica of rig.replicas) replica.connection = 'up';
  await rig.clock.advance(20_000);
  expect(rig.leaders, `seed ${seed}, healed`).to.have.length(1);
  const terms = rig.replicas.flatMap(({ turns }) => turns).filter(turn => turn.startsWith('acquired'));
  await rig.stop();
  expect(rig.clock.pending).to.equal(0);
  return terms.length;
}

describe('leader election under random faults', () => {
  it('has one leader at most at any time, and one again when all is well', async function () {
    // They compute, and a machine may have other things to do.
    this.timeout(60_000);
    let terms = 0;
    for (let seed = 1; seed <= SEEDS; seed++) terms += await schedule(seed);
    expect(terms).to.be.greaterThan(5 * SEEDS);
  });
});
