// What is worth an Event: what status says now and the Events so far did not, and what is
// over. Told from states, not from what happened, so a status that stays as it is tells nothing.

import type { LoginFault, ReadyReason, SourceFailingReason, StalledReason } from '../api/conditions.ts';
import type { EventReason } from '../api/events.ts';
import { STORED_SOURCES } from '../api/registry-schema.ts';
import type { RegistryCredentialStatus } from '../api/types.ts';
import {
  type Conflicts,
  conflictsIn,
  newConflicts,
  resolvedConflicts,
  unclearConflicts,
} from './conflict-events.ts';
import { type CredentialEvent, normal, warning } from './credential-event.ts';
import type { Situation } from './readiness.ts';
import { isHindered } from './stall.ts';

/** How far the story of one RegistryCredential is told. A value, and bounded as status is. */
export interface Told {
  /** Reason of Ready; undefined before the first status. */
  readonly ready: string | undefined;
  readonly generation: number;
  /** How many changes had been rolled out. */
  readonly rollouts: number;
  /** What was said of a failing source; undefined while none fails. */
  readonly source: string | undefined;
  /** What was said of logins to which a registry says no; undefined while none does. */
  readonly rejected: string | undefined;
  readonly conflicts: Conflicts;
}

export interface Telling {
  readonly told: Told;
  readonly events: readonly CredentialEvent[];
}

/** Beside status. */
export interface Progress {
  /** Sources and namespaces were all looked at. Else only Ready is told, and of the rest what then still holds. */
  readonly isSettled: boolean;
  /** How many changes were rolled out so far, those of which status shows no trace included. */
  readonly rollouts: number;
}

/** While a roll-out is under way after a restart, only some namespaces are counted. */
export const isSettled = ({ record, stall, isCounted, isRollingOut }: Situation): boolean =>
  isCounted && !isRollingOut && !isHindered(stall) && !record.deleted;

/** What an earlier run has told, as far as its status shows. */
export function toldBy(status: RegistryCredentialStatus | undefined, rollouts: number): Told {
  if (status === undefined)
    return {
      ready: undefined,
      generation: 0,
      rollouts,
      source: undefined,
      rejected: undefined,
      conflicts: new Map(),
    };
  return {
    ready: conditionOf(status, 'Ready')?.reason,
    generation: status.observedGeneration,
    rollouts,
    source: sourceIn(status),
    rejected: rejectedIn(status),
    conflicts: conflictsIn(status),
  };
}

export function tell(before: Told, status: RegistryCredentialStatus, progress: Progress): Telling {
  const now = toldBy(status, progress.rollouts);
  const ready = ofReady(before, now, status);
  if (now.ready === 'Deleting') return { told: now, events: newConflicts(before.conflicts, status) };
  if (!progress.isSettled)
    return {
      told: { ...now, source: before.source, rejected: before.rejected, conflicts: before.conflicts },
      events: ready,
    };
  const conflicts = new Map([...now.conflicts, ...unclearConflicts(before.conflicts, status)]);
  const events = [
    ...ofSources(before, now, status),
    ...ofRegistries(before, now, status),
    ...newConflicts(before.conflicts, status),
    ...resolvedConflicts(before.conflicts, status),
    ...ready,
  ];
  return { told: { ...now, conflicts }, events: once(events) };
}

type OfReady = (reason: EventReason, note: string) => CredentialEvent;

/** Those without are on their way, and no Event yet. */
const OF_READY: Readonly<Record<ReadyReason | StalledReason, OfReady | undefined>> = {
  Synced: (reason, note) => normal(reason, 'Sync', note),
  NoNamespaceSelected: (reason, note) => normal(reason, 'Sync', note),
  Progressing: undefined,
  SourceFailed: (reason, note) => warning(reason, 'Fetch', note),
  Expired: (reason, note) => warning(reason, 'Fetch', note),
  Conflict: (reason, note) => warning(reason, 'Serve', note),
  Forbidden: (reason, note) => warning(reason, 'Sync', note),
  WriteFailed: (reason, note) => warning(reason, 'Sync', note),
  Suspended: (reason, note) => normal(reason, 'Suspend', note),
  SecretNameNotServed: (reason, note) => warning(reason, 'Validate', note),
  SpecUnreadable: (reason, note) => warning(reason, 'Validate', note),
  ScheduleInvalid: (reason, note) => warning(reason, 'Validate', note),
  Deleting: undefined,
};

function ofReady(before: Told, now: Told, status: RegistryCredentialStatus): CredentialEvent[] {
  const reason = now.ready as ReadyReason | StalledReason | undefined;
  const isNew = now.ready !== before.ready || now.generation !== before.generation;
  // Whether Progressing was said in between is a matter of milliseconds.
  const isRolledOut = reason === 'Synced' && now.rollouts !== before.rollouts;
  if (reason === undefined || !(isNew || isRolledOut)) return [];
  const { synced, selected } = status.namespaces;
  const note =
    reason === 'Synced'
      ? `${synced} of ${selected} selected namespaces have their login`
      : (conditionOf(status, 'Ready')?.message ?? '');
  const event = OF_READY[reason]?.(reason as EventReason, note);
  return [...resumed(before, reason), ...(event === undefined ? [] : [event])];
}

/** One that is stalled may be suspended beside that, and one that goes is not resumed. */
const NOT_RESUMED: ReadonlySet<ReadyReason | StalledReason> = new Set([
  'Suspended',
  'Deleting',
  'SecretNameNotServed',
  'SpecUnreadable',
  'ScheduleInvalid',
]);

const resumed = ({ ready }: Told, reason: ReadyReason | StalledReason): CredentialEvent[] =>
  ready === 'Suspended' && !NOT_RESUMED.has(reason)
    ? [normal('Resumed', 'Resume', 'spec.suspend is false: what has changed meanwhile is caught up with')]
    : [];

const conditionOf = ({ conditions }: RegistryCredentialStatus, type: string) =>
  conditions.find(one => one.type === type);

function sourceIn(status: RegistryCredentialStatus): string | undefined {
  const condition = conditionOf(status, 'SourceFailing');
  if (condition === undefined) return undefined;
  const { reason, message } = condition;
  const [title, index] = /^registries\[(\d+)\]/.exec(message) ?? [];
  // While nobody gives tokens out he says now this and now that; all that counts is how far the last one has come.
  const { source } = status.registries[Number(index)] ?? {};
  const isToken = source !== undefined && !STORED_SOURCES.includes(source);
  return `${reason} ${isToken ? title : message}`;
}

function ofSources(before: Told, now: Told, status: RegistryCredentialStatus): CredentialEvent[] {
  if (now.source === before.source) return [];
  const failing = conditionOf(status, 'SourceFailing');
  return failing === undefined
    ? [normal('SourceRecovered', 'Fetch', 'every source gives its logins again')]
    : [warning(failing.reason as SourceFailingReason, 'Fetch', failing.message)];
}

function rejectedIn(status: RegistryCredentialStatus): string | undefined {
  const condition = conditionOf(status, 'Verified');
  return condition?.status === 'False' ? `${condition.reason} ${condition.message}` : undefined;
}

/** What nobody can tell is no news, and what is good was expected to be. */
function ofRegistries(before: Told, now: Told, status: RegistryCredentialStatus): CredentialEvent[] {
  if (now.rejected === before.rejected) return [];
  const verified = conditionOf(status, 'Verified');
  if (verified?.status === 'False')
    return [warning(verified.reason as LoginFault, 'Verify', verified.message)];
  return verified?.status === 'True' ? [normal('LoginsVerified', 'Verify', verified.message)] : [];
}

/** A source that has nothing is the reason of Ready as well. */
const once = (events: readonly CredentialEvent[]): CredentialEvent[] => [
  ...new Map(events.map(event => [JSON.stringify(event), event])).values(),
];
