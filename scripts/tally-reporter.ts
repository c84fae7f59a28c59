// mocha's spec reporter that also says why a test was skipped, leaves its counts in
// a file, and does not wait for ever for a process that something keeps alive.

import { writeFileSync } from 'node:fs';
import mocha from 'mocha';
import type { Tally } from './tally.ts';

interface TallyReporterOptions {
  /** Where the counts go. */
  readonly reportFile: string;
  /** Milliseconds that sockets and timers get to close once the tests are over. */
  readonly grace?: string;
}

class TallyReporter extends mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { reportFile, grace = '10000' } = options.reporterOptions as TallyReporterOptions;
    const skipped: string[] = [];
    runner.on('pending', test => skipped.push(`${test.fullTitle()}: ${reasonOf(test)}`));
    runner.once('end', () => {
      for (const line of skipped) console.log(`skipped: ${line}`);
      const missing = runner.total - this.stats.tests;
      if (missing > 0) console.log(`not run: ${missing} tests, behind a hook that failed`);
      const counts = { passed: this.stats.passes, failed: this.stats.failures, skipped: this.stats.pending };
      writeFileSync(reportFile, JSON.stringify(counts satisfies Tally));
      setTimeout(giveUp, Number(grace)).unref();
      // Without it Node cleans up by itself, and was seen to wait for ever for a TLS socket whose peer was stranded.
      process.once('beforeExit', () => process.exit());
    });
  }
}

/** A test or a suite above it says why in a property: `this.test.skipReason = …; this.skip()`. */
function reasonOf(test: Mocha.Test): string {
  for (
    let level: Mocha.Runnable | Mocha.Suite | undefined = test;
    level !== undefined;
    level = level.parent
  ) {
    const { skipReason } = level as { skipReason?: unknown };
    if (typeof skipReason === 'string') return skipReason;
  }
  return 'no reason given';
}

function giveUp(): void {
  const held = [...new Set(process.getActiveResourcesInfo())].join(', ');
  console.error(
    `The tests are over, but these keep the process alive: ${held}. Close them in an after hook.`,
  );
  // mocha sets the exit code by its counts when the process ends; this comes after it.
  process.once('exit', () => {
    process.exitCode = 1;
  });
  process.exit();
}

// mocha takes what require() gives.
export { TallyReporter as 'module.exports' };
