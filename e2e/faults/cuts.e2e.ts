// Connections that break in the middle of a watch, of a list and of a write, and answers that end where no
// answer ends. Through a gateway of the tests, to a real API server.

import { expect } from 'chai';
import { NAMESPACES_PATH, SERVICE_ACCOUNTS_PATH } from '../../src/controller/paths.ts';
import { eventually } from '../api/eventually.ts';
import { setLabels } from '../api/scenario.ts';
import { type Cut, type Exchange, statusOf } from './exchange.ts';
import type { Rule } from './gateway.ts';
import type { Scene } from './scene.ts';
import { stage } from './stage.ts';

/** Milliseconds after a cut; a reflector waits 0.2 s at first, and a write that failed 10 ms. */
const CAUGHT_UP = 5_000;

const NEWLINE = 0x0a;
const EURO = Buffer.from('€');

/** In the middle of the last frame that has come. */
const inFrame: Cut = whole => {
  const begin = whole.lastIndexOf(NEWLINE, -2) + 1;
  return whole.length > begin + 100 ? begin + 100 : undefined;
};

/** After the first of the three bytes of a character. */
const inCharacter: Cut = whole => {
  const at = whole.indexOf(EURO);
  return at === -1 ? undefined : at + 1;
};

/** In the middle of the third of the objects that a list has. */
const inList: Cut = whole => {
  let end = -1;
  for (let objects = 0; objects < 2; objects++) end = whole.indexOf(NEWLINE, end + 1);
  return end > 0 && whole.length > end + 100 ? end + 100 : undefined;
};

const watchOf = (path: string) => (exchange: Exchange) => exchange.isWatch && exchange.path === path;

describe('after a cut the operator', () => {
  const scene: () => Scene = stage();

  async function catchesUp(row: string): Promise<void> {
    const milliseconds = await scene().caughtUp(CAUGHT_UP);
    console.log(`      ${row}: caught up after ${milliseconds} ms`);
    await scene().expectAlive();
  }

  /** The rule, for one exchange; the promise resolves when that has been cut. */
  function cutting(about: Rule['about'], cut: Cut, isReset: boolean): Promise<void> {
    const done = Promise.withResolvers<void>();
    const act = (exchange: Exchange): void =>
      exchange.pass(cut, () => {
        if (isReset) scene().wire.reset(exchange.port);
        else exchange.end();
        done.resolve();
      });
    scene().gateway.add({ about, act, times: 1 });
    return done.promise;
  }

  it('catches up, when all connections were reset', async function () {
    const mark = await scene().mark(this);
    const failures = await scene().counted('reflector_failures_total');
    scene().wire.reset();
    await scene().change();
    await catchesUp('all connections reset');
    await scene().expectNeeded(mark, 1);
    expect(await scene().counted('reflector_failures_total')).to.equal(failures + 5);
    const logs = await scene().operator.logs();
    expect(logs).to.contain('could not watch the API server, will retry').and.contain('ECONNRESET');
    expect(logs).to.contain('the API server can be watched again');
  });

  for (const [how, isReset] of [
    ['by a reset', true],
    ['by an end as if it were complete', false],
  ] as const)
    for (const [where, cut] of [
      ['a JSON object', inFrame],
      ['a character', inCharacter],
    ] as const)
      it(`catches up, when a watch was cut in the middle of ${where}, ${how}`, async function () {
        const mark = await scene().mark(this);
        const wasCut = cutting(watchOf(NAMESPACES_PATH), cut, isReset);
        await scene().reconnect();
        await setLabels(scene().busy[0] ?? '', { touched: `${isReset}-${where.length}` });
        await scene().change({ currency: '€' });
        await wasCut;
        await catchesUp(`a watch cut in the middle of ${where}, ${how}`);
        await scene().expectNeeded(mark, 1);
      });

  for (const [how, isReset] of [
    ['by a reset', true],
    ['by an end as if it were complete', false],
  ] as const)
    it(`catches up, when a list was cut in the middle, ${how}`, async function () {
      const mark = await scene().mark(this);
      const wasCut = cutting(({ isList }) => isList, inList, isReset);
      const expired = JSON.stringify({ type: 'ERROR', object: statusOf(410, 'Expired') });
      const about = watchOf(SERVICE_ACCOUNTS_PATH);
      scene().gateway.add({ about, act: exchange => exchange.answer(200, `${expired}\n`), times: 1 });
      const seen = scene().gateway.seen.length;
      scene().wire.reset();
      await scene().change();
      await wasCut;
      await catchesUp(`a list cut in the middle, ${how}`);
      await scene().expectNeeded(mark, 1);
      const lists = scene()
        .gateway.seen.slice(seen)
        .filter(({ isList }) => isList);
      expect(lists.map(({ what }) => what)).to.deep.equal(Array(2).fill(`WATCH ${SERVICE_ACCOUNTS_PATH}`));
    });

  for (const [when, isCarriedOut] of [
    ['before they arrived', false],
    ['after they were carried out', true],
  ] as const)
    it(`catches up, when writes were reset ${when}`, async function () {
      const mark = await scene().mark(this);
      let cut = 0;
      const act = (exchange: Exchange): void => {
        cut++;
        const reset = (): void => scene().wire.reset(exchange.port);
        if (isCarriedOut) exchange.swallow(reset);
        else reset();
      };
      // Not the Lease: that has tests of its own.
      const about = ({ isWrite, path }: Exchange): boolean => isWrite && !path.includes('/leases/');
      scene().gateway.add({ about, act, times: 4 });
      await scene().change();
      await catchesUp(`4 writes reset ${when}`);
      await eventually('all four were cut', async () => expect(cut).to.equal(4));
      await scene().expectNeeded(mark, 1, { repeated: isCarriedOut ? cut : 0 });
      expect(
        await scene().counted('rest_client_requests_total{code="<error>",method="PATCH"'),
      ).to.be.greaterThan(0);
    });
});
