// The one operator of all scenarios: there may be only one at a time. It runs from the
// bundle, under the RBAC and the policies of manifests/, with a token of its own.

import { type OperatorOptions, type OperatorProcess, startOperator } from '../cluster/operator-process.ts';
import { cluster } from './cluster.ts';

let running: OperatorProcess | undefined;

/** Started by whoever asks first. */
export async function operator(): Promise<OperatorProcess> {
  running ??= await startOperator(cluster(), { secretNames: ['regcred'] });
  return running;
}

/** Ends it and starts it anew; `meanwhile` runs while there is none. */
export async function restartOperator(
  meanwhile: () => Promise<void> = async () => {},
  options: OperatorOptions = {},
): Promise<OperatorProcess> {
  await running?.stop();
  running = undefined;
  await meanwhile();
  running = await startOperator(cluster(), { secretNames: ['regcred'], ...options });
  return running;
}

/** For tests that write in the operator's name: a running one would clear up after them. */
export async function stopOperator(): Promise<void> {
  await running?.stop();
  running = undefined;
}
