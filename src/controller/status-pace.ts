// How often a status is written that says only how far a roll-out has come. Of fifty at a time, once a second each, there
// were 280 beside the 3,000 writes of a cold start: so all of them share a few a second.

import { isDeepStrictEqual } from 'node:util';
import type { RegistryCredentialStatus } from '../api/types.ts';

/** Milliseconds. Up to five roll-outs at a time are told of once a second, as everything else is. */
const BETWEEN_ANY_TWO = 200;
export const LONGEST_PAUSE = 30_000;

/** Between two of one RegistryCredential, in milliseconds, while so many are rolled out. */
export const pauseOfProgress = (rollouts: number): number =>
  Math.min(rollouts * BETWEEN_ANY_TWO, LONGEST_PAUSE);

/** Nothing that a person or a pipeline waits for or has to mend: only more namespaces that are well. */
export function isOnlyProgress(
  before: RegistryCredentialStatus | undefined,
  next: RegistryCredentialStatus,
): boolean {
  if (before === undefined || before.namespaces.failed !== next.namespaces.failed) return false;
  const { namespaces, serviceAccounts } = before;
  return isDeepStrictEqual({ ...next, namespaces, serviceAccounts }, before);
}
