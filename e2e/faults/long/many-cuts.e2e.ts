// Two hundred cuts, with changes in between: whoever keeps a socket, a listener or a timer for each of them
// has two hundred of them afterwards.

import { expect } from 'chai';
import { freePorts } from '../../cluster/free-ports.ts';
import { Inside, inWords } from '../inside.ts';
import type { Scene } from '../scene.ts';
import { stage } from '../stage.ts';

const CUTS = 200;
const WARM_UP = 20;
/** Of each class. What is left of two hundred would be two hundred. */
const MOST_MORE = 20;
/** Megabytes: 5 kB for each cut. */
const MOST_GROWTH = 1;

const [port = 0] = await freePorts(1);

describe('after two hundred cuts the operator', () => {
  const scene: () => Scene = stage({ nodeFlags: [`--inspect=127.0.0.1:${port}`], logLevel: 'warn' });

  async function cut(times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      await scene().touchAll();
      await scene().caughtUp();
      await scene().reconnect();
    }
  }

  it('holds no more than before', async function () {
    this.timeout(600_000);
    const inside = await Inside.of(scene().operator.pid, port);
    await cut(WARM_UP);
    const before = await inside.holdings();
    console.log(`      after ${WARM_UP} cuts: ${inWords(before)}`);
    const began = Date.now();
    await cut(CUTS);
    const after = await inside.calmHoldings(before.sockets);
    console.log(`      after ${CUTS} more, in ${Date.now() - began} ms: ${inWords(after)}`);
    inside.close();
    for (const [name, count] of Object.entries(after.objects))
      expect(count - (before.objects[name] ?? 0), name).to.be.lessThan(MOST_MORE);
    expect(after.heap - before.heap).to.be.lessThan(MOST_GROWTH);
    await scene().expectAlive();
  });
});
