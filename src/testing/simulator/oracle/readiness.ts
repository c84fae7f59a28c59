// Which status and reason of Ready are right: the table of docs/status.md, from top to bottom.

import type { Party } from './cluster.ts';
import type { NamespaceVerdict, Verdict } from './verdicts.ts';

/** Counted as Conflict; SourceFailed makes Ready False by itself. */
export const CONFLICTS: readonly Verdict[] = [
  'ForeignSecret',
  'WrongSecretType',
  'ImmutableSecret',
  'Refused',
];

/** "status reason" of Ready, each of which is right. At rest neither Progressing nor a failed write is. */
export function readyMay(party: Party, verdicts: readonly NamespaceVerdict[]): string[] {
  const may: string[] = [];
  const sources = sourcesMayFail(party, verdicts);
  if (sources !== 'no') may.push('False SourceFailed');
  if (sources === 'yes') return may;
  if (verdicts.length === 0) return [...may, 'True NoNamespaceSelected'];
  const refusable = verdicts.some(({ may }) => CONFLICTS.some(reason => may.has(reason)));
  const allFail = verdicts.every(({ may }) => may.size > 1 || !may.has('Synced'));
  if (refusable && allFail) may.push('False Conflict');
  if (verdicts.some(({ may }) => may.has('Synced'))) may.push('True Synced');
  return may;
}

function sourcesMayFail(
  { offers, unknown, credential }: Party,
  verdicts: readonly NamespaceVerdict[],
): 'yes' | 'no' | 'perhaps' {
  const failing = offers.filter(({ source }) => source === 'failing');
  // Where a Secret says that it holds its logins, these are from an earlier spec, and so may what is known be.
  const given = verdicts.some(({ listed }) => listed) || (credential.metadata.generation ?? 1) > 1;
  if (!given && failing.some(({ possible }) => possible.length === 0)) return 'yes';
  if (verdicts.some(({ may }) => may.size === 1 && may.has('SourceFailed'))) return 'yes';
  const open = unknown && offers.some(({ source }) => source === 'failing' || source === 'open');
  return open || verdicts.some(({ may }) => may.has('SourceFailed')) ? 'perhaps' : 'no';
}

/** Whether SourceFailing is True. */
export function sourceFailing({ offers }: Party): 'yes' | 'no' | 'perhaps' {
  if (offers.some(({ source }) => source === 'failing' || source === 'partly')) return 'yes';
  return offers.some(({ source }) => source === 'open') ? 'perhaps' : 'no';
}

export function sourceFailingReasons({ offers }: Party): string[] {
  const has = (source: string) => offers.some(other => other.source === source);
  const reasons: string[] = ['LastKnownGoodServed'];
  if (has('failing') || has('open')) reasons.push('SourceFailed');
  if (has('partly') || has('open')) reasons.push('EntryLeftOut');
  return reasons;
}
