// What one is let in with, and whom one trusts, changes on disk while the operator runs: the old is of no use
// from one moment to the next, and the new comes a few seconds late, as the kubelet brings it.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { AUTHORITY_A, AUTHORITY_B } from '../../../src/testing/test-certificates.ts';
import { eventually } from '../../api/eventually.ts';
import type { Scene } from '../scene.ts';
import { stage } from '../stage.ts';

/** Milliseconds after the new is on disk: it is read every 10 s, and a reflector has waited a while by then. */
const CAUGHT_UP = 25_000;
/** Milliseconds for which what is on disk is of no use. */
const LATE = 4_000;

describe('when what is on disk is rotated the operator', () => {
  const scene: () => Scene = stage();
  // The files to come begin with A again.
  after(() => scene().gateway.identify(AUTHORITY_A, AUTHORITY_A.cert));

  /** The old is of no use, then `renew` brings the new. */
  async function rotates(
    context: Mocha.Context,
    row: string,
    said: RegExp,
    renew: () => Promise<unknown>,
  ): Promise<void> {
    const mark = await scene().mark(context);
    const before = (await scene().operator.logs()).length;
    const saidSince = async (): Promise<string> => (await scene().operator.logs()).slice(before);
    scene().wire.reset();
    await scene().change();
    await eventually('the operator says so', async () => expect(await saidSince()).to.match(said));
    await sleep(LATE);
    // The reset alone would be over by now.
    expect(await scene().counted('reflector_following')).to.equal(0);
    await renew();
    const milliseconds = await scene().caughtUp(CAUGHT_UP);
    console.log(`      ${row}: caught up ${milliseconds} ms after the new was there`);
    await scene().expectAlive();
    await scene().expectNeeded(mark, 1);
  }

  it('goes on with a new token', async function () {
    const old = scene().login.token;
    scene().gateway.add({
      about: exchange => exchange.carries(old),
      act: exchange => exchange.refuse(401, 'Unauthorized'),
    });
    await rotates(this, 'token', /made up by a test: Unauthorized/, () => scene().login.renewToken());
  });

  it('goes on with a new CA', async function () {
    scene().gateway.identify(AUTHORITY_B, AUTHORITY_A.cert);
    await rotates(this, 'CA', /self-signed certificate/, () =>
      scene().login.identify(AUTHORITY_A, AUTHORITY_B.cert),
    );
  });

  it('goes on with a new client certificate', async function () {
    scene().gateway.identify(AUTHORITY_B, AUTHORITY_B.cert);
    await rotates(this, 'client certificate', /alert unknown ca|ECONNRESET/, () =>
      scene().login.identify(AUTHORITY_B, AUTHORITY_B.cert),
    );
  });
});
