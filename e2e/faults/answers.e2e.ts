// Answers that are complete and of no use: refusals of all kinds, and answers of a size that nobody sends, and
// answers that come late. Through a gateway of the tests, to a real API server.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { NAMESPACES_PATH } from '../../src/controller/paths.ts';
import { type Exchange, statusOf } from './exchange.ts';
import type { Seen } from './gateway.ts';
import type { Scene } from './scene.ts';
import { stage } from './stage.ts';

/** Milliseconds after the last bad answer. */
const CAUGHT_UP = 10_000;
/** Seconds of Retry-After that fit into a request, and milliseconds on top of it: jitter, and a busy machine. */
const ASKED = 3;
const LATE = 1_000;
const BURST = 3_000;

const isApply = ({ what }: Seen): boolean => /^PATCH .*\/secrets\/regcred$/.test(what);

describe('after answers of no use the operator', () => {
  const scene: () => Scene = stage();

  async function catchesUp(row: string): Promise<void> {
    const milliseconds = await scene().caughtUp(CAUGHT_UP);
    console.log(`      ${row}: caught up after ${milliseconds} ms`);
    await scene().expectAlive();
  }

  for (const [how, refuse] of [
    ['as an answer', (exchange: Exchange) => exchange.refuse(410, 'Expired')],
    [
      'in a frame',
      (exchange: Exchange) =>
        exchange.answer(200, `${JSON.stringify({ type: 'ERROR', object: statusOf(410, 'Expired') })}\n`),
    ],
  ] as const)
    it(`catches up, when the history of every watch has expired, said ${how}`, async function () {
      const mark = await scene().mark(this);
      const before = (await scene().operator.logs()).length;
      const seen = scene().gateway.seen.length;
      scene().gateway.add({ about: ({ isWatch, isList }) => isWatch && !isList, act: refuse, times: 5 });
      scene().wire.reset();
      await scene().change();
      await catchesUp(`410 to every watch, said ${how}`);
      await scene().expectNeeded(mark, 1);
      expect(
        scene()
          .gateway.seen.slice(seen)
          .filter(({ isList }) => isList),
      ).to.have.length(5);
      expect((await scene().operator.logs()).slice(before)).to.contain('the watch is too old, listing again');
    });

  it('obeys Retry-After to the second, when writes are refused', async function () {
    const mark = await scene().mark(this);
    const seen = scene().gateway.seen.length;
    scene().gateway.add({
      about: ({ isWrite, path }) => isWrite && path.endsWith('/secrets/regcred'),
      act: exchange => exchange.refuse(429, 'TooManyRequests', { 'retry-after': String(ASKED) }),
      times: 3,
    });
    await scene().change();
    await catchesUp(`429 with Retry-After: ${ASKED} to three writes`);
    await scene().expectNeeded(mark, 1);
    const pauses = scene()
      .gateway.pausesSince(seen, isApply)
      .filter(pause => pause > 500);
    console.log(`      asked for ${ASKED} s, came back after ${pauses.join(', ')} ms`);
    expect(pauses).to.have.length(3);
    for (const pause of pauses) expect(pause).to.be.within(ASKED * 1000, ASKED * 1000 + LATE);
    expect(await scene().counted('rest_client_requests_total{code="429",method="PATCH"')).to.equal(3);
  });

  it('obeys Retry-After to the second, when watches are refused', async function () {
    const mark = await scene().mark(this);
    const seen = scene().gateway.seen.length;
    scene().gateway.add({
      about: ({ isWatch }) => isWatch,
      act: exchange => exchange.refuse(429, 'TooManyRequests', { 'retry-after': String(ASKED) }),
      times: 5,
    });
    scene().wire.reset();
    await scene().change();
    await catchesUp(`429 with Retry-After: ${ASKED} to every watch`);
    await scene().expectNeeded(mark, 1);
    const pauses = scene().gateway.pausesSince(seen, ({ what }) => what.startsWith('WATCH '));
    console.log(`      asked for ${ASKED} s, came back after ${pauses.join(', ')} ms`);
    expect(pauses).to.have.length(5);
    for (const pause of pauses) expect(pause).to.be.within(ASKED * 1000, ASKED * 1000 + LATE);
  });

  for (const code of [500, 503])
    it(`catches up, when everything was answered with ${code} for a while`, async function () {
      const mark = await scene().mark(this);
      const act = (exchange: Exchange): void => exchange.refuse(code, 'InternalError');
      const burst = scene().gateway.add({ about: () => true, act });
      scene().wire.reset();
      await scene().change();
      await sleep(BURST);
      scene().gateway.remove(burst);
      await catchesUp(`${code} to everything for ${BURST / 1000} s`);
      await scene().expectNeeded(mark, 1);
      expect(await scene().counted('rest_client_requests_total', `code="${code}"`)).to.be.greaterThan(0);
    });

  it('catches up, when a watch sent a line without an end', async function () {
    const mark = await scene().mark(this);
    const about = ({ isWatch, path }: Exchange): boolean => isWatch && path === NAMESPACES_PATH;
    const act = (exchange: Exchange): void => exchange.answer(200, Buffer.alloc(9 * 1024 * 1024, 'x'));
    scene().gateway.add({ about, act, times: 1 });
    scene().wire.reset();
    await scene().change();
    await catchesUp('a watch with a line of 9 MiB');
    await scene().expectNeeded(mark, 1);
    expect(await scene().operator.logs()).to.contain('a line of more than 8388608 bytes');
  });

  it('catches up, when a write was answered with more than any object can be', async function () {
    const mark = await scene().mark(this);
    scene().gateway.add({
      about: ({ isWrite, path }) => isWrite && path.endsWith('/secrets/regcred'),
      act: exchange => exchange.swallow(() => exchange.answer(200, Buffer.alloc(17 * 1024 * 1024, ' '))),
      times: 1,
    });
    await scene().change();
    await catchesUp('a write answered with 17 MiB');
    await scene().expectNeeded(mark, 1, { repeated: 1 });
    expect(await scene().operator.logs()).to.contain('the API server cannot be reached; it is tried again');
  });
});
