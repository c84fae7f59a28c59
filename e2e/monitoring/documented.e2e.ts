// docs/metrics.md and /metrics of a running operator name the same metrics, with the same types and labels.

import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { eventually } from '../api/eventually.ts';
import { type Described, documented, exposed } from './exposition.ts';
import { Stage } from './stage.ts';

const PAGE = new URL('../../docs/metrics.md', import.meta.url);
const LINUX_ONLY = [
  'process_open_fds',
  'process_max_fds',
  'process_virtual_memory_bytes',
  'process_heap_bytes',
];
/** There are none most of the time, so nobody sees their labels. */
const OFTEN_EMPTY = ['nodejs_active_handles', 'nodejs_active_requests'];

describe('docs/metrics.md', () => {
  let stage: Stage;

  before(async function () {
    this.timeout(60_000);
    stage = await Stage.start();
    await stage.fill();
  });
  after(() => stage?.stop());

  it('names what a running operator counts, and nothing else, with types and labels', async () => {
    const told = documented(await readFile(PAGE, 'utf8'));
    if (process.platform !== 'linux') for (const name of LINUX_ONLY) told.delete(name);
    expect(told.size).to.be.greaterThan(50);
    await eventually('all of it is counted', async () => {
      const text = await (await fetch(`http://${stage.operator.metricsAddress}/metrics`)).text();
      const found = exposed(text);
      for (const name of OFTEN_EMPTY) forgetLabels(name, found, told);
      expect(sorted(found)).to.deep.equal(sorted(told));
    });
  });
});

function forgetLabels(name: string, ...maps: readonly Map<string, Described>[]): void {
  for (const map of maps) map.set(name, { type: map.get(name)?.type ?? 'none', labels: undefined });
}

const sorted = (map: ReadonlyMap<string, Described>): [string, Described][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));
