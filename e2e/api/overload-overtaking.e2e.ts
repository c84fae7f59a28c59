// Somebody makes a namespace while a new login is on its way to very many others. How long is printed
// beside what it takes on the idle operator: `npm run bench -- new --during-rollout` does much the same with more.

import { expect } from 'chai';
import type { OperatorProcess } from '../cluster/operator-process.ts';
import { createFleet, FLEET_LABEL } from '../overload/fleet.ts';
import { inWords, quantile } from '../overload/latencies.ts';
import { Overtaking, type RollOut } from '../overload/overtaking.ts';
import { OwnCluster } from '../overload/own-cluster.ts';
import { skipUnlessBare } from '../overload/skip.ts';

const NAMESPACES = 1_500;
const NEWCOMERS = 20;
/** The operator's default of writes under way. */
const PARALLEL = 32;

describe('a new namespace in the middle of a large roll-out', () => {
  let own: OwnCluster;
  let names: string[];
  let operator: OperatorProcess;

  before(async function () {
    this.timeout(300_000);
    skipUnlessBare(this);
    own = await OwnCluster.start();
    names = await createFleet(own.admin, NAMESPACES);
    await own.makeCredential(0, FLEET_LABEL);
    operator = await own.startOperator();
    await own.untilSynced(NAMESPACES);
  });
  after(async function () {
    this.timeout(60_000);
    await own?.stop();
  });

  it('is served at once, and not after the roll-out', async function () {
    this.timeout(300_000);
    const overtaking = new Overtaking(own, operator, FLEET_LABEL, names);
    const idle = await overtaking.idle(NEWCOMERS);
    const rollOuts: RollOut[] = [];
    const waits = (): number[] => rollOuts.flatMap(one => one.waits);
    while (waits().length < NEWCOMERS && rollOuts.length < 4) rollOuts.push(await overtaking.rollOut());
    const meanwhile = rollOuts.flatMap(one => one.meanwhile);
    console.log(`      on the idle operator: ${inWords(idle)}`);
    for (const { writes, milliseconds } of rollOuts)
      console.log(`      a roll-out: ${writes} Secrets in ${milliseconds} ms`);
    console.log(`      during it: ${inWords(waits())}; Secrets written meanwhile: ${meanwhile}`);
    expect(waits()).to.have.length.at.least(NEWCOMERS);
    for (const { writes } of rollOuts) expect(writes).to.equal(NAMESPACES);
    // No question of the machine's speed: whoever waits behind a full set of writes has more before him.
    expect(quantile(meanwhile, 0.5)).to.be.at.most(PARALLEL / 2);
  });
});
