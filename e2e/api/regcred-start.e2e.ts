// How long a person waits for the first word of kubectl regcred, beside kubectl on the same machine at the
// same time.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { cluster } from './cluster.ts';
import { PROGRAM } from './regcred.ts';

/** Milliseconds from start to first output that are promised. */
const PROMISED = 300;
/** Where kubectl itself takes longer than on a machine at rest: as many times as long as it mostly does. */
const BESIDE_KUBECTL = 6;
const KUBECTL = 'kubectl version --client';
const RUNS = 10;

/** Milliseconds. */
async function firstWord(command: string, args: readonly string[]): Promise<number> {
  const began = performance.now();
  const env = { PATH: process.env.PATH ?? '', KUBECONFIG: cluster().kubeconfig };
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  const time = performance.now() - began;
  child.stdout.resume();
  await closed;
  return time;
}

describe('the first word of kubectl regcred', () => {
  it(`comes within ${PROMISED} ms on a machine at rest, with what it read from the cluster`, async () => {
    const commands = {
      [KUBECTL]: [cluster().kubectl, ['version', '--client']],
      'kubectl regcred --version': [process.execPath, [PROGRAM, '--version']],
      'kubectl regcred explain': [process.execPath, [PROGRAM, 'explain', 'nginx']],
      'kubectl regcred status': [process.execPath, [PROGRAM, 'status']],
    } as const;
    const times: Record<string, number[]> = {};
    // In turn, so that all meet the same load.
    for (let run = 0; run < RUNS; run++)
      for (const [title, [command, args]] of Object.entries(commands))
        times[title] = [...(times[title] ?? []), await firstWord(command, args)].sort((a, b) => a - b);
    // Not its fastest: the one that had luck on a busy machine says nothing of the others.
    const most = Math.max(PROMISED, BESIDE_KUBECTL * (times[KUBECTL]?.[RUNS >> 1] ?? 0));
    for (const [title, sorted] of Object.entries(times)) {
      const [fastest = 0, median = 0] = [sorted[0], sorted[RUNS >> 1]];
      console.log(`      ${title}: fastest ${fastest.toFixed(0)} ms, median ${median.toFixed(0)} ms`);
      // The fastest: whatever else the machine does comes on top, for kubectl too.
      expect(fastest, title).to.be.lessThan(most);
    }
  });
});
