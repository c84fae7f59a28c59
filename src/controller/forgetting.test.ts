// Nothing grows with names that are gone: namespaces and RegistryCredentials come and go for as long
// as a cluster lives, and the operator with it.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const PROGRAM = fileURLToPath(new URL('../testing/heap-of-passing-names.ts', import.meta.url));

/** Bytes. With a queue that forgets none of these names it was 1,060 kB and more, otherwise 445 at most. */
const MOST = 700_000;
/** Code that is thrown away for want of use would be taken for what was forgotten. */
const FLAGS = ['--expose-gc', '--no-flush-bytecode'];

/** The heap swings by 200 kB from round to round, by what the engine itself keeps and throws away. */
const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

describe('names that are gone', () => {
  it('leave nothing behind, though most of their writes were refused', async function () {
    this.timeout(120_000);
    const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, PROGRAM]);
    const heaps = JSON.parse(stdout) as number[];
    // The first rounds fill what is bounded otherwise, and compile.
    const growth = medianOf(heaps.slice(-5)) - medianOf(heaps.slice(2, 7));
    expect(growth, `bytes, over rounds of ${heaps}`).to.be.lessThan(MOST);
  });
});
