// An API server that asks to be left alone for longer than a request lasts, and one that is far away.

import { expect } from 'chai';
import type { Scene } from '../scene.ts';
import { stage } from '../stage.ts';

/** Milliseconds: each step takes 2 s, and a new connection 4 s more. */
const CAUGHT_UP = 30_000;
/** Seconds of Retry-After: the transport hands back what goes beyond 10, and the queue has to know it. */
const ASKED = 12;
/** Milliseconds: jitter, and a busy machine. */
const LATE = 1_000;

describe('with an API server that is slow the operator', () => {
  const scene: () => Scene = stage();

  it('obeys a Retry-After to the second that is longer than a request lasts, whatever happens meanwhile', async function () {
    const mark = await scene().mark(this);
    const seen = scene().gateway.seen.length;
    const isSecret = (path: string): boolean => path.endsWith('/secrets/regcred');
    scene().gateway.add({
      about: ({ isWrite, path }) => isWrite && isSecret(path),
      act: exchange => exchange.refuse(429, 'TooManyRequests', { 'retry-after': String(ASKED) }),
      times: 3,
    });
    await scene().change();
    const milliseconds = await scene().caughtUp(CAUGHT_UP);
    const pauses = scene()
      .gateway.pausesSince(seen, ({ what }) => isSecret(what))
      .filter(pause => pause > 500);
    console.log(`      asked for ${ASKED} s, came back after ${pauses.join(', ')} ms`);
    console.log(`      429 with Retry-After: ${ASKED} to three writes: caught up after ${milliseconds} ms`);
    expect(pauses).to.have.length(3);
    for (const pause of pauses) expect(pause).to.be.within(ASKED * 1000, ASKED * 1000 + LATE);
    await scene().expectAlive();
    await scene().expectNeeded(mark, 1);
  });

  it('goes on leading, and catches up, when every answer takes 2 s', async function () {
    const mark = await scene().mark(this);
    scene().wire.latency = 1_000;
    await scene().change();
    const milliseconds = await scene().caughtUp(CAUGHT_UP);
    console.log(`      2 s there and back: caught up after ${milliseconds} ms`);
    await scene().expectAlive();
    await scene().expectNeeded(mark, 1);
    expect(await scene().operator.logs()).not.to.contain('lost the lease');
  });
});
