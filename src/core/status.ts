// What `kubectl get` shows. A function of what is known, so that the same situation
// is always told in the same words and a status that says nothing new is not written.

import { MAX_FAILURES, MAX_MESSAGE, MAX_STATUS_SERVER } from '../api/bounds.ts';
import type { Condition, ConditionType } from '../api/conditions.ts';
import type { RegistryCredentialStatus, RegistryStatus } from '../api/types.ts';
import type { LeftOut } from './merge.ts';
import { isRefusal, readinessOf, type Situation } from './readiness.ts';
import type { RegistryReport } from './registry-report.ts';

/** `now` in milliseconds since the epoch: only for transitions. */
export function statusOf(told: Situation, now: number): RegistryCredentialStatus {
  const situation = { ...told, reports: told.reports.map((report, index) => judged(report, index, told)) };
  const { record, tally, reports } = situation;
  const before = record.status;
  // While suspended nothing is counted: what was said last is what still stands.
  const counts = situation.isCounted || before === undefined ? countsOf(tally) : before;
  const registries = reports.map((report, index) => registryStatus(report, index, situation));
  const expiries = registries.flatMap(({ expiresAt }) => expiresAt ?? []).sort();
  return {
    observedGeneration: record.generation,
    conditions: conditionsOf(situation, new Date(now).toISOString()),
    registries: reports.length === 0 && before !== undefined ? before.registries : registries,
    namespaces: counts.namespaces,
    serviceAccounts: counts.serviceAccounts,
    failures: counts.failures,
    ...(expiries[0] !== undefined && { expiresAt: expiries[0] }),
  };
}

/** After a restart a failing source may still be served: by what stands in the namespaces. */
function judged(report: RegistryReport, index: number, { tally }: Situation): RegistryReport {
  if (report.state !== 'unknown') return report;
  const isServed =
    tally.servedUnknown.has(index) && !tally.failures.some(({ reason }) => reason === 'SourceFailed');
  return { ...report, state: isServed ? 'kept' : 'failed' };
}

function countsOf({
  namespaces,
  serviceAccounts,
  failures,
}: Situation['tally']): Pick<RegistryCredentialStatus, 'namespaces' | 'serviceAccounts' | 'failures'> {
  return {
    namespaces: { ...namespaces, summary: `${namespaces.synced}/${namespaces.selected}` },
    serviceAccounts: {
      ...serviceAccounts,
      summary: `${serviceAccounts.attached}/${serviceAccounts.selected}`,
    },
    failures: failures
      .slice(0, MAX_FAILURES)
      .map(({ namespace, reason, message }) => ({ namespace, reason, message: clip(message, MAX_MESSAGE) })),
  };
}

function registryStatus(report: RegistryReport, index: number, { record, tally }: Situation): RegistryStatus {
  // A source that failed since the start does not say its servers; the last status does.
  const earlier = record.status?.registries[index];
  const server = report.server ?? (earlier?.source === report.source ? earlier.server : '');
  const messages = [
    ...(report.message === undefined ? [] : [report.message + suffix(report)]),
    ...tally.leftOut.filter(({ registry }) => registry === index).map(one => lost(one, record.name)),
  ];
  return {
    server: clip(server, MAX_STATUS_SERVER),
    source: report.source,
    ...(report.expiresAt && { expiresAt: report.expiresAt.toISOString() }),
    ...(messages.length > 0 && { message: clip([...new Set(messages)].sort().join('; '), MAX_MESSAGE) }),
  };
}

const suffix = ({ state }: RegistryReport): string =>
  state === 'kept' ? '; the last known good login stays in use' : '';

function lost({ server, winner }: LeftOut, name: string): string {
  if (winner === undefined) return `${server} is left out: the Secret would be over 1 MiB`;
  if (winner === name)
    return `${server} is left out: an earlier item of spec.registries is for the same server`;
  return `${server} is left out: RegistryCredential ${winner} is for the same server and comes first by name`;
}

function conditionsOf(situation: Situation, now: string): Condition[] {
  const { record, stall } = situation;
  const ready = readinessOf(situation);
  const conditions: Omit<Condition, 'lastTransitionTime' | 'observedGeneration'>[] = [
    { type: 'Ready', ...ready },
  ];
  const say = (type: ConditionType, reason: string, message: string): void => {
    conditions.push({ type, status: 'True', reason, message });
  };
  if (ready.reason === 'Progressing' || ready.reason === 'Deleting')
    say('Reconciling', ready.reason, ready.message);
  if (stall !== undefined && !record.deleted) say('Stalled', stall.reason, stall.message);
  for (const said of troublesOf(situation)) say(said.type, said.reason, said.message);
  return conditions.map(condition => ({
    ...condition,
    message: clip(condition.message, MAX_MESSAGE),
    lastTransitionTime: transition(record.status?.conditions, condition) ?? now,
    observedGeneration: record.generation,
  }));
}

type Trouble = Pick<Condition, 'type' | 'reason' | 'message'>;

/** What is not well though it need not keep it from being Ready. */
function troublesOf({ record, tally, reports, isCounted }: Situation): Trouble[] {
  const troubles: Trouble[] = [];
  const failing = reports.findIndex(({ message }) => message !== undefined);
  const report = reports[failing];
  if (report !== undefined) {
    const message = `registries[${failing}]: ${report.message}${suffix(report)}`;
    troubles.push({ type: 'SourceFailing', reason: FAILING[report.state], message });
  }
  // While nothing is counted, what was counted last still stands.
  const earlier = record.status?.conditions.find(({ type }) => type === 'Conflict');
  if (!isCounted) return earlier === undefined ? troubles : [...troubles, earlier];
  const refusals = tally.failures.filter(isRefusal);
  if (refusals[0] !== undefined) {
    const message = `${refusals.length} of ${tally.namespaces.selected} selected namespaces: ${refusals[0].message}`;
    troubles.push({ type: 'Conflict', reason: refusals[0].reason, message });
  }
  return troubles;
}

const FAILING: Record<RegistryReport['state'], string> = {
  serving: 'EntryLeftOut',
  partial: 'EntryLeftOut',
  kept: 'LastKnownGoodServed',
  unknown: 'SourceFailed',
  failed: 'SourceFailed',
};

/** When the condition came to be as it is, if it was so before. */
const transition = (
  before: readonly Condition[] | undefined,
  { type, status }: Pick<Condition, 'type' | 'status'>,
): string | undefined => before?.find(one => one.type === type && one.status === status)?.lastTransitionTime;

/** To `most` code points: the schema refuses a status that is longer. */
export function clip(text: string, most: number): string {
  const points = [...text];
  return points.length <= most ? text : `${points.slice(0, most - 1).join('')}…`;
}
