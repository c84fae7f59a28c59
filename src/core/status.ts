// What `kubectl get` shows. A function of what is known, so that the same situation
// is always told in the same words and a status that says nothing new is not written.

import { MAX_FAILURES, MAX_MESSAGE } from '../api/bounds.ts';
import type { Condition, ConditionType, SourceFailingReason } from '../api/conditions.ts';
import type { RegistryCredentialStatus } from '../api/types.ts';
import { clip } from './clip.ts';
import { isRefusal, type Readiness, readinessOf, type Situation } from './readiness.ts';
import type { RegistryReport } from './registry-report.ts';
import { judged, registryStatus, suffix, tooMuchOf } from './registry-status.ts';
import { verifiedCondition } from './verified.ts';

/** `now` in milliseconds since the epoch: only for transitions. */
export function statusOf(told: Situation, now: number): RegistryCredentialStatus {
  const situation = asJudged(told);
  const { record, tally, reports } = situation;
  const before = record.status;
  // While suspended nothing is counted: what was said last is what still stands.
  const isOld = !situation.isCounted || reports.length === 0 || isUnasked(situation);
  const counts = situation.isCounted || before === undefined ? countsOf(tally) : before;
  const registries = reports.map((report, index) => registryStatus(report, index, situation));
  const times = isOld && before !== undefined ? before : timesOf(reports);
  const handled = situation.handledRefresh ?? before?.lastHandledRefresh;
  return {
    observedGeneration: record.generation,
    conditions: conditionsOf(situation, new Date(now).toISOString()),
    registries: isOld && before !== undefined ? before.registries : registries,
    namespaces: counts.namespaces,
    serviceAccounts: counts.serviceAccounts,
    failures: counts.failures,
    ...(times.expiresAt !== undefined && { expiresAt: times.expiresAt }),
    ...(times.lastRefreshTime !== undefined && { lastRefreshTime: times.lastRefreshTime }),
    ...(times.nextRefreshTime !== undefined && { nextRefreshTime: times.nextRefreshTime }),
    ...(handled !== undefined && { lastHandledRefresh: handled }),
  };
}

/** One that was deleted before the operator started, of whose sources status has told already. */
const isUnasked = ({ reports, record: { status } }: Situation): boolean =>
  reports.some(report => report.isUnasked) && status?.registries.length === reports.length;

/** As the condition Ready has it. */
export const readyOf = (told: Situation): Readiness => readinessOf(asJudged(told));

const asJudged = (told: Situation): Situation => ({
  ...told,
  reports: told.reports.map((report, index) => judged(report, index, told)),
});

type Times = Pick<RegistryCredentialStatus, 'expiresAt' | 'lastRefreshTime' | 'nextRefreshTime'>;

/** Of the logins the first that ends, the last that came, and the first that is to come. */
function timesOf(reports: readonly RegistryReport[]): { [K in keyof Times]: Times[K] | undefined } {
  const sorted = (of: 'expiresAt' | 'fetchedAt' | 'renewalAt'): string[] =>
    reports.flatMap(report => report[of]?.toISOString() ?? []).sort();
  return {
    expiresAt: sorted('expiresAt')[0],
    lastRefreshTime: sorted('fetchedAt').at(-1),
    nextRefreshTime: sorted('renewalAt')[0],
  };
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
  const verified =
    situation.isCounted && !isUnasked(situation)
      ? verifiedCondition(situation.reports, record)
      : record.status?.conditions.find(({ type }) => type === 'Verified');
  if (verified !== undefined) conditions.push(verified);
  return conditions.map(condition => ({
    ...condition,
    message: clip(condition.message, MAX_MESSAGE),
    lastTransitionTime: transition(record.status?.conditions, condition) ?? now,
    observedGeneration: record.generation,
  }));
}

type Trouble = Pick<Condition, 'type' | 'reason' | 'message'>;

/** What is not well though it need not keep it from being Ready. */
function troublesOf(situation: Situation): Trouble[] {
  const { record, tally, isCounted } = situation;
  const said = (type: ConditionType): Trouble[] =>
    record.status?.conditions.filter(one => one.type === type) ?? [];
  // While nothing is counted, what was said last still stands.
  if (!isCounted && record.status !== undefined) return [...said('SourceFailing'), ...said('Conflict')];
  const troubles = isUnasked(situation) ? said('SourceFailing') : sourceTroubles(situation);
  const refusals = tally.failures.filter(isRefusal);
  if (refusals[0] !== undefined) {
    const message = `${refusals.length} of ${tally.namespaces.selected} selected namespaces: ${refusals[0].message}`;
    troubles.push({ type: 'Conflict', reason: refusals[0].reason, message });
  }
  return troubles;
}

function sourceTroubles({ reports, tally }: Situation): Trouble[] {
  const failing = failingIn(reports);
  const report = reports[failing];
  if (report !== undefined) {
    const message = `registries[${failing}]: ${report.message}${suffix(report)}`;
    return [{ type: 'SourceFailing', reason: FAILING[report.state], message }];
  }
  const tooMuch = tooMuchOf(tally.leftOut);
  return tooMuch === undefined ? [] : [{ type: 'SourceFailing', reason: 'EntryLeftOut', message: tooMuch }];
}

/** The index of the one to mend first: what has ended, what is about to, and then the first in the list. */
function failingIn(reports: readonly RegistryReport[]): number {
  const ended = reports.findIndex(({ state }) => state === 'expired');
  if (ended !== -1) return ended;
  const ending = reports.findIndex(({ state }) => state === 'expiring');
  return ending === -1 ? reports.findIndex(({ message }) => message !== undefined) : ending;
}

const FAILING: Record<RegistryReport['state'], SourceFailingReason> = {
  serving: 'EntryLeftOut',
  partial: 'EntryLeftOut',
  kept: 'LastKnownGoodServed',
  expiring: 'LoginExpiring',
  expired: 'Expired',
  unknown: 'SourceFailed',
  failed: 'SourceFailed',
};

/** When the condition came to be as it is, if it was so before. */
const transition = (
  before: readonly Condition[] | undefined,
  { type, status }: Pick<Condition, 'type' | 'status'>,
): string | undefined => before?.find(one => one.type === type && one.status === status)?.lastTransitionTime;
