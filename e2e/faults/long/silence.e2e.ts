// Connections that say nothing any more, though whoever is at their other end goes on acknowledging, and a
// network that holds everything back for half a minute.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { NAMESPACES_PATH } from '../../../src/controller/paths.ts';
import type { Spoken } from '../gateway.ts';
import type { Scene } from '../scene.ts';
import { stage } from '../stage.ts';

/** Milliseconds: a minute, and what it takes then. */
const FOUND = 60_000;
const SILENCE = 30_000;
const MINUTE = 60_000;

/** How a silent one is found: by a PING, or by an end that does not come. */
const FOUND_BY: Readonly<Record<Spoken, string>> = {
  'HTTP/2': 'no answer to a PING within 15 s',
  'HTTP/1.1': 'was silent for 55 s',
};

for (const spoken of ['HTTP/2', 'HTTP/1.1'] as const) {
  describe(`when nothing is heard any more over ${spoken} the operator`, () => {
    const scene: () => Scene = stage({}, spoken);

    const silences = async (): Promise<number> =>
      (await scene().operator.logs()).split(FOUND_BY[spoken]).length - 1;

    it('finds a watch that is silently dead within a minute', async function () {
      const mark = await scene().mark(this);
      const before = await silences();
      const watch = scene().gateway.seen.findLast(({ what }) => what === `WATCH ${NAMESPACES_PATH}`);
      expect(scene().wire.strand(watch?.port ?? 0)).to.equal(1);
      await scene().change();
      const milliseconds = await scene().caughtUp(FOUND);
      console.log(`      one watch stranded: caught up after ${milliseconds} ms`);
      expect(await silences()).to.be.greaterThan(before);
      expect(await scene().counted('reflector_failures_total', 'namespaces')).to.be.at.least(1);
      await scene().expectAlive();
      await scene().expectNeeded(mark, 1);
    });

    it('finds that all connections are silently dead within a minute', async function () {
      const mark = await scene().mark(this);
      const count = scene().wire.strand();
      await scene().change();
      const milliseconds = await scene().caughtUp(FOUND);
      console.log(`      all ${count} connections stranded: caught up after ${milliseconds} ms`);
      await scene().expectAlive();
      await scene().expectNeeded(mark, 1);
    });

    it('goes on after 30 s of silence', async function () {
      const mark = await scene().mark(this);
      const before = (await scene().operator.logs()).length;
      scene().wire.hush();
      await scene().change();
      await sleep(SILENCE);
      scene().wire.speak();
      const milliseconds = await scene().caughtUp(FOUND);
      console.log(`      30 s of silence: caught up ${milliseconds} ms after its end`);
      await scene().expectAlive();
      await scene().expectNeeded(mark, 1);
      const logs = (await scene().operator.logs()).slice(before);
      expect(logs).to.contain('could not renew or take the lease').and.contain('lost the lease');
    });

    it('writes nothing for a minute in which nothing happens', async function () {
      const mark = await scene().mark(this);
      const seen = scene().gateway.seen.length;
      const worked = await scene().counted('process_cpu_seconds_total');
      await sleep(MINUTE);
      const seconds = (await scene().counted('process_cpu_seconds_total')) - worked;
      await scene().expectNeeded(mark, 0);
      const asked = scene()
        .gateway.seen.slice(seen)
        .map(({ what }) => what);
      const counts = [...Map.groupBy(asked, what => what)].map(([what, { length }]) => `${length} × ${what}`);
      const watches = scene().gateway.seen.filter(({ what }) => what.startsWith('WATCH '));
      console.log(
        `      ${watches.length} watches since the start, over ${new Set(watches.map(({ port }) => port)).size} connections`,
      );
      console.log(
        `      processor time of an idle minute, at log level debug: ${(seconds * 1000).toFixed(0)} ms`,
      );
      console.log(`      asked in an idle minute: ${counts.join(', ')}`);
    });
  });
}
