// The closing line must never be greener than the run was.

import { expect } from 'chai';
import { formatTally, isGreen, judgeRun, NOTHING, sumTallies } from './tally.ts';

const report = (passed: number, failed: number, skipped: number) =>
  JSON.stringify({ passed, failed, skipped });

describe('a tally', () => {
  it('is written as one plain line', () => {
    expect(formatTally({ passed: 3, failed: 0, skipped: 1 })).to.equal('3 passed, 0 failed, 1 skipped');
  });

  it('adds up', () => {
    expect(sumTallies([JSON.parse(report(1, 2, 3)), JSON.parse(report(10, 20, 30))])).to.deep.equal({
      passed: 11,
      failed: 22,
      skipped: 33,
    });
    expect(sumTallies([])).to.deep.equal(NOTHING);
  });

  it('is green only when something passed and nothing failed', () => {
    expect(isGreen({ passed: 1, failed: 0, skipped: 5 })).to.equal(true);
    expect(isGreen({ passed: 9, failed: 1, skipped: 0 })).to.equal(false);
    expect(isGreen({ passed: 0, failed: 0, skipped: 5 })).to.equal(false);
    expect(isGreen(NOTHING)).to.equal(false);
  });

  const judged: Record<string, [report: string | undefined, exitCode: number | null, failed: number]> = {
    'a run that went well has no failure': [report(2, 0, 0), 0, 0],
    'a run with failures has these': [report(2, 3, 0), 3, 3],
    'a runner that left no report is a failure': [undefined, 0, 1],
    'a runner that left half a report is a failure': ['{"passed":2,', 0, 1],
    'a runner that left another report is a failure': ['{"passed":"2"}', 0, 1],
    'a runner that ended badly after its report is a failure': [report(2, 0, 0), 1, 1],
    'a runner that was killed after its report is a failure': [report(2, 0, 0), null, 1],
  };
  for (const [what, [text, exitCode, failed]] of Object.entries(judged)) {
    it(what, () => expect(judgeRun(text, exitCode).failed).to.equal(failed));
  }
});
