// The one operator of all scenarios: replicas have tests of their own. It runs from the
// bundle, under the RBAC and the policies of manifests/, with a token of its own.

import { expect } from 'chai';
import { type OperatorOptions, type OperatorProcess, startOperator } from '../cluster/operator-process.ts';
import { isIdle } from '../overload/metrics.ts';
import { cluster } from './cluster.ts';
import { eventually } from './eventually.ts';

let running: OperatorProcess | undefined;

/** Milliseconds: one that was killed, or could not give the Lease back, holds it for 15 s. */
const LONGEST_TERM_OF_THE_DEAD = 25_000;

/** Started by whoever asks first. */
export async function operator(): Promise<OperatorProcess> {
  running ??= await started();
  return running;
}

/** Ends it and starts it anew; `meanwhile` runs while there is none. */
export async function restartOperator(
  meanwhile: () => Promise<void> = async () => {},
  options: OperatorOptions = {},
): Promise<OperatorProcess> {
  await stopOperator();
  await meanwhile();
  running = await started(options);
  return running;
}

/** For tests that write in the operator's name: a running one would clear up after them. */
export async function stopOperator(): Promise<void> {
  const ending = running;
  // One that does not end as it should is killed, and is nobody's operator any more.
  running = undefined;
  await ending?.stop();
}

/** Where there is one. What waits for a later time, such as another attempt, does not count. */
export async function untilOperatorIsIdle(): Promise<void> {
  const asked = running;
  if (asked !== undefined)
    await eventually('the operator is idle', async () => expect(await isIdle(asked)).to.equal(true));
}

/** It leads by then, unless it is not to be waited for. */
async function started(options: OperatorOptions = {}): Promise<OperatorProcess> {
  const process = await startOperator(cluster(), { secretNames: ['regcred'], ...options });
  if (options.waitReady !== false)
    await eventually('the operator leads', () => leads(process), LONGEST_TERM_OF_THE_DEAD);
  return process;
}

async function leads(process: OperatorProcess): Promise<void> {
  expect(await process.logs()).to.contain('"became the leader"');
}
