// How one RegistryCredential stands by all that is known now: what status and metrics tell.

import type { Condition } from '../api/conditions.ts';
import type { Failure } from '../core/change.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import type { Situation } from '../core/readiness.ts';
import { isHindered, stallOf } from '../core/stall.ts';
import { readyOf } from '../core/status.ts';
import type { CredentialBook } from './credential-book.ts';
import type { Ledger } from './ledger.ts';
import type { Rollouts } from './rollouts.ts';
import type { World } from './world.ts';

export interface SituationContext {
  readonly world: Pick<World, 'secretNames'>;
  readonly book: Pick<CredentialBook, 'get'>;
  readonly ledger: Pick<Ledger, 'tally'>;
  readonly rollouts: Pick<Rollouts, 'isPending' | 'hasWritten'>;
  /** What the API server refuses this RegistryCredential, or the operator, as a whole. */
  readonly problem: (credential: string) => Failure | undefined;
}

/** Undefined while nothing settled can be said. */
export function situationOf(record: CredentialRecord, context: SituationContext): Situation | undefined {
  const { book, ledger, rollouts, world } = context;
  const { name } = record;
  const stall = stallOf(record, world.secretNames);
  const isStalled = isHindered(stall);
  const entry = book.get(record);
  const problem = context.problem(name);
  const isTold = record.deleted || isStalled || record.spec.suspend === true || problem !== undefined;
  if (entry === undefined && !isTold) return undefined;
  const reports = entry?.registries.map(({ report }) => report) ?? [];
  const isHolding = entry?.registries.some(registry => registry.isHolding) === true;
  const isPending = rollouts.isPending(name) || isHolding || reports.some(({ isAwaited }) => isAwaited);
  // A roll-out that finds everything in place, as after a restart, is not worth a word.
  const isNew = record.status?.observedGeneration !== record.generation || rollouts.hasWritten(name);
  if (isPending && !isNew && !record.deleted && problem === undefined) return undefined;
  return {
    record,
    stall,
    // Its sources are not asked, so what they said earlier is not known after a restart either.
    reports: isStalled ? [] : reports,
    tally: ledger.tally(name),
    handledRefresh: entry?.handledRefresh,
    isCounted: record.deleted || (record.spec.suspend !== true && (isStalled || entry !== undefined)),
    isRollingOut: isPending,
    problem,
  };
}

/** Of Ready, as it is to be told next, also where that cannot be written; while nothing settled can be said, as it was told. */
export function readyStatus(
  { status }: CredentialRecord,
  situation: Situation | undefined,
): Condition['status'] {
  const ready = situation ? readyOf(situation) : status?.conditions.find(({ type }) => type === 'Ready');
  return ready?.status ?? 'Unknown';
}
