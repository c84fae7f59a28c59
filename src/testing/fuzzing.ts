// How long and from which seed properties are tried. FUZZ_TIMES=100 tries a hundred times as much; with the
// FUZZ_SEED and FUZZ_PATH that a failure prints it is played again.

import fc from 'fast-check';

const TIMES = Number(process.env.FUZZ_TIMES ?? 1);

/** As fast-check takes it: 32 bits. */
export const FUZZ_SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

export const times = (runs: number): number => Math.ceil(runs * TIMES);

/** Milliseconds for mocha: far more than it takes, for there is nothing to wait for that may not come. */
export const FUZZ_TIMEOUT = 20_000 * Math.max(1, TIMES);

/** Throws for the smallest counterexample that it found, with how to have it again. */
export function holds<T>(one: fc.Arbitrary<T>, runs: number, check: (value: T) => void): void {
  fc.assert(fc.property(one, check), parameters(runs));
}

/** The same for what takes its time, one after the other. */
export async function holdsInTime<T>(
  one: fc.Arbitrary<T>,
  runs: number,
  check: (value: T) => Promise<void>,
): Promise<void> {
  await fc.assert(fc.asyncProperty(one, check), parameters(runs));
}

/** For what is asked in one go. The same FUZZ_SEED gives the same values. */
export const sample = <T>(one: fc.Arbitrary<T>, runs: number): T[] =>
  fc.sample(one, { numRuns: times(runs), seed: FUZZ_SEED });

const parameters = (runs: number): fc.Parameters<unknown> & { path?: string } => ({
  numRuns: times(runs),
  seed: FUZZ_SEED,
  ...(process.env.FUZZ_PATH !== undefined && { path: process.env.FUZZ_PATH }),
  reporter: details => {
    if (!details.failed) return;
    const { seed, counterexamplePath, counterexample, errorInstance } = details;
    const again = `FUZZ_SEED=${seed} FUZZ_PATH=${counterexamplePath}`;
    const shown = fc.stringify(counterexample).slice(0, LONGEST_SHOWN);
    throw new Error(`${said(errorInstance)}\n  found in: ${shown}\n  again: ${again}`, {
      cause: errorInstance,
    });
  },
});

/** Characters; some values have a megabyte. */
const LONGEST_SHOWN = 4_000;

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
