// How many tests passed, failed and were skipped: added up over runs, and the one
// line that closes a run, for people and machines alike.

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

export function sumTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, tally) => ({
      passed: sum.passed + tally.passed,
      failed: sum.failed + tally.failed,
      skipped: sum.skipped + tally.skipped,
    }),
    NOTHING,
  );
}

export function formatTally({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** A run in which nothing ran has proved nothing. */
export function isGreen({ passed, failed }: Tally): boolean {
  return failed === 0 && passed > 0;
}

/**
 * What a runner's report and its end come to. A runner that crashed, was killed or
 * left no report is one more failure, whatever it had counted before.
 */
export function judgeRun(report: string | undefined, exitCode: number | null): Tally {
  const tally = report === undefined ? undefined : parseTally(report);
  if (tally === undefined) return { ...NOTHING, failed: 1 };
  return exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

function parseTally(text: string): Tally | undefined {
  try {
    const { passed, failed, skipped } = JSON.parse(text) as Record<string, unknown>;
    if (typeof passed !== 'number' || typeof failed !== 'number' || typeof skipped !== 'number')
      return undefined;
    return { passed, failed, skipped };
  } catch {
    return undefined;
  }
}
