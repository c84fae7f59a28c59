// Nothing grows with names that are gone: namespaces and RegistryCredentials come and go for as long
// as a cluster lives, and the operator with it.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const PROGRAM = fileURLToPath(new URL('../testing/heap-of-passing-names.ts', import.meta.url));

/** Bytes. A map of names that forgets none has at least 170 kB more by then; without one it is within 70. */
const MOST = 120_000;

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('names that are gone', () => {
  it('leave nothing behind, though most of their writes were refused', async function () {
    this.timeout(120_000);
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', PROGRAM]);
    const heaps = JSON.parse(stdout) as number[];
    // The first rounds fill what is bounded otherwise, and compile.
    const growth = meanOf(heaps.slice(-3)) - meanOf(heaps.slice(2, 5));
    expect(growth, `bytes, over rounds of ${heaps}`).to.be.lessThan(MOST);
  });
});
