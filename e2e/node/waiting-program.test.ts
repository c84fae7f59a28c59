// A container that ends at once would look like an image that could not be pulled.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { until } from '../cluster/until.ts';
import { waitingProgram } from './waiting-program.ts';

const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' } as const;

describe('the program in the images of the tests', () => {
  it('starts, waits and ends when it is killed', async function () {
    const here = ARCHITECTURES[process.arch as keyof typeof ARCHITECTURES];
    if (process.platform !== 'linux' || here === undefined) {
      Object.assign(this.test ?? {}, {
        skipReason: `it does not run on ${process.platform} ${process.arch}`,
      });
      return this.skip();
    }
    const folder = await mkdtemp(join(tmpdir(), 'regcred-test-'));
    try {
      const file = join(folder, 'wait');
      await writeFile(file, waitingProgram(here), { mode: 0o700 });
      const child = spawn(file, { stdio: 'ignore' });
      const ended = once(child, 'exit');
      await once(child, 'spawn');
      await until('it sleeps', async () => (await stateOf(child.pid)) === 'S', 4);
      child.kill('SIGKILL');
      expect(await ended).to.deep.equal([null, 'SIGKILL']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** S: it sleeps; Z: it has ended and nobody has looked yet. */
const stateOf = async (pid: number | undefined): Promise<string | undefined> =>
  (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.[0];
