// The rules that every change of a replica is held against.

import type { ResourceName } from '../../resources.ts';
import { annotationTellsTheTruth, foreignEntriesStay, nothingElseOfAnAccount } from './account-rules.ts';
import { finalizerGoesLast, finalizersOnlyOnCredentials, foreignFinalizersStay } from './finalizer-rules.ts';
import { noCredentialInSight, nothingWithoutReason } from './general-rules.ts';
import { isAtHome, keptOfSomebody, keptUntilTheEnd, onlyKeptAtHome } from './kept-rules.ts';
import type { Rule, Written } from './rule.ts';
import {
  foreignSecretsAreLeftAlone,
  handedOverSecretsAreReleased,
  referencesGoBeforeTheSecret,
  secretsAreUpdatedInPlace,
  secretsThatGoAreLeft,
} from './secret-rules.ts';
import { referencesHaveAReason, wantedReferencesStay, workingLoginsStay } from './wanted-rules.ts';

export const RULES: readonly Rule<ResourceName>[] = [
  foreignEntriesStay,
  annotationTellsTheTruth,
  nothingElseOfAnAccount,
  foreignSecretsAreLeftAlone,
  secretsAreUpdatedInPlace,
  secretsThatGoAreLeft,
  handedOverSecretsAreReleased,
  referencesGoBeforeTheSecret,
  finalizersOnlyOnCredentials,
  finalizerGoesLast,
  foreignFinalizersStay,
  noCredentialInSight,
  nothingWithoutReason,
  workingLoginsStay,
  wantedReferencesStay,
  referencesHaveAReason,
] as readonly Rule<ResourceName>[];

/** No namespace like the others. */
const AT_HOME = [
  onlyKeptAtHome,
  keptOfSomebody,
  keptUntilTheEnd,
  noCredentialInSight,
] as readonly Rule<ResourceName>[];

/** The first rule that a change breaks. */
export function broken(written: Written): { readonly rule: string; readonly detail: string } | undefined {
  for (const { name, of, check } of isAtHome(written) ? AT_HOME : RULES) {
    if (of !== undefined && of !== written.resource) continue;
    const detail = check(written);
    if (detail !== undefined) return { rule: name, detail };
  }
  return undefined;
}
