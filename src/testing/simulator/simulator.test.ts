// Thousands of random schedules of users and faults, each held against the rules at every step,
// and against the oracle when all is over. A failing seed is printed with a schedule as small as it gets.

import { availableParallelism } from 'node:os';
import { expect } from 'chai';
import { runMany } from './many.ts';
import { randomSchedule } from './random-schedule.ts';
import { failureReport, summaryText } from './report.ts';
import { run } from './run.ts';
import { shrink } from './shrink.ts';

const FIRST = 1;
const SEEDS = 2_000;

describe('the simulator', function () {
  this.timeout(600_000);

  it('does the same once more for the same seed, line by line', async () => {
    for (const seed of [3, 40, 181, 511]) {
      const [first, second] = [await run(randomSchedule(seed)), await run(randomSchedule(seed))];
      expect(second.trace).to.deep.equal(first.trace);
      expect(second.hash).to.equal(first.hash);
    }
  });

  it(`keeps all rules in ${SEEDS} random schedules`, async () => {
    const summary = await runMany({ from: FIRST, seeds: SEEDS, threads: availableParallelism() });
    const [first] = summary.failures;
    if (first !== undefined) {
      const schedule = randomSchedule(first.seed);
      const result = await run(schedule);
      expect.fail(`${summaryText(summary)}\n${failureReport(result, await shrink(schedule, result))}`);
    }
    expect(summary.seeds).to.equal(SEEDS);
    // What never happens shows nothing.
    for (const what of EXPECTED) expect(summary.counts.get(what) ?? 0, what).to.be.above(50);
  });
});

const EXPECTED = [
  ...['401', '409', '422', '429', '500', '503'].map(code => `answer ${code}`),
  ...['cutAnswer', 'loseAnswer', 'refuseConnection', 'silence', 'slow', 'slowAnswer'].map(
    fault => `answer ${fault}`,
  ),
  ...['after a write', 'before a write', 'at once'].map(when => `crash ${when}`),
  ...[
    'away',
    'compact',
    'bookmark',
    'cutWatches',
    'forbid',
    'freeze',
    'partition',
    'restart',
    'setClock',
  ].map(fault => `fault ${fault}`),
  'event delayed',
  'stale list',
];
