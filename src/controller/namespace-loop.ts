// Reconciles one namespace: look, plan, apply, and look again for the verdict.

import type { Change, Failure, Plan, Verdict } from '../core/change.ts';
import { changedByOthers } from '../core/failures.ts';
import type { Merge } from '../core/merge.ts';
import { NO_CHANGES, plan } from '../core/plan.ts';
import { isRefusal } from '../core/readiness.ts';
import { selectsServiceAccount } from '../core/selection.ts';
import type { CredentialView } from '../core/view.ts';
import type { Log } from '../log.ts';
import { type ApplyContext, apply, type Outcome, WRITTEN } from './apply.ts';
import { takesAway } from './arriving.ts';
import { type Contests, detaches, type Permitted, permitted } from './contests.ts';
import type { Fetches } from './fetches.ts';
import type { Ledger } from './ledger.ts';
import type { NamespaceNews } from './namespace-news.ts';
import type { Rollouts } from './rollouts.ts';
import { viewOf, type World } from './world.ts';

export interface NamespaceLoopContext extends ApplyContext {
  readonly views: () => readonly CredentialView[];
  readonly merge: Merge;
  readonly ledger: Ledger;
  readonly rollouts: Rollouts;
  readonly contests: Contests;
  readonly news: Pick<NamespaceNews, 'take' | 'settle'>;
  readonly log: Log;
  /** Something that status shows of this RegistryCredential may have changed. */
  readonly touch: (credential: string) => void;
  /** A change of this RegistryCredential has reached all its namespaces. */
  readonly rolledOut: (credential: string) => void;
  readonly fetches: Pick<Fetches, 'doubt'>;
  /** One that selects the namespace is about to have a say there. */
  readonly isAwaited: (namespace: string) => boolean;
}

export interface NamespaceResult {
  /** `retry`: call again, later each time. */
  readonly result: 'done' | 'retry';
  /** Call again in so many milliseconds, whatever happens until then. */
  readonly after?: number;
  /** Of a `retry`: not before so many milliseconds, whatever happens. */
  readonly retryAfter?: number;
}

/** Failing writes of which nothing is said yet: most are over at the next attempt. */
const SILENT_RETRIES = 2;

/**
 * Some 2 s of back-off for what others change while we look, and for one that is about to come. What they change
 * back between two looks is bounded by Contests.
 */
const PATIENT_RETRIES = 7;

export async function reconcileNamespace(
  name: string,
  retries: number,
  context: NamespaceLoopContext,
): Promise<NamespaceResult> {
  const news = context.news.take(name);
  let run: Run = { result: 'retry' };
  try {
    run = await reconcileOnce(name, retries, context);
    return run;
  } finally {
    context.news.settle(name, news, run.outcomes ?? [], run.isSettled === true);
  }
}

interface Run extends NamespaceResult {
  readonly outcomes?: readonly Outcome[];
  /** Nothing is left to be done, but for what the namespace refuses. */
  readonly isSettled?: boolean;
}

async function reconcileOnce(name: string, retries: number, context: NamespaceLoopContext): Promise<Run> {
  const { world, merge, views, contests } = context;
  const turn = context.rollouts.turn();
  const before = viewOf(world, name, views());
  if (before === undefined) return conclude(name, turn, NOTHING_PLANNED, [], context);
  const planned = permitted(plan(before, merge), contests);
  const isAsked = (rest: Permitted): boolean => isBeingAsked(rest.now, context);
  if (isEmpty(planned.now) && isAsked(planned)) return { result: 'retry' };
  if (isEmpty(planned.now)) return conclude(name, turn, planned, [], context);
  if (retries < PATIENT_RETRIES && takesAway(planned.now) && context.isAwaited(name))
    return { result: 'retry' };
  const outcomes = await apply(planned.now, context);
  report(name, outcomes, context);
  const after = viewOf(world, name, views());
  const rest = after === undefined ? NOTHING_PLANNED : permitted(plan(after, merge), contests);
  const refused = outcomes.filter(({ failure }) => failure !== undefined);
  const overruled = overruledChanges(outcomes, rest.now);
  const retryAfter = Math.max(0, ...outcomes.map(outcome => outcome.retryAfter ?? 0));
  if (
    (refused.length === 0 && isAsked(rest)) ||
    isSilent(refused, retries) ||
    (overruled.length > 0 && retries < PATIENT_RETRIES)
  )
    return { result: 'retry', retryAfter, outcomes };
  const concluded = conclude(name, turn, rest, [...refused, ...overruled.map(failedByOthers)], context);
  return { ...concluded, retryAfter, outcomes };
}

/** The sources for whose sake a Secret stays as it is: all are asked, and it would be said too soon that one is to be mended. */
const isBeingAsked = ({ doubts }: Plan, { fetches }: NamespaceLoopContext): boolean =>
  doubts.filter(one => fetches.doubt(one)).length > 0;

const NOTHING_PLANNED: Permitted = { now: NO_CHANGES, postponed: [], wait: undefined };

const isEmpty = ({ changes, afterReferences }: Plan): boolean =>
  changes.length === 0 && afterReferences.length === 0;

/** Written on an outdated view, or not as we wrote it a moment later. */
function overruledChanges(outcomes: readonly Outcome[], rest: Plan): readonly Change[] {
  const outdated = outcomes.filter(({ result }) => result === 'outdated').map(({ change }) => change);
  if (outdated.length > 0 || outcomes.some(({ failure }) => failure !== undefined)) return outdated;
  return [...rest.changes, ...rest.afterReferences];
}

const failedByOthers = (change: Change): Outcome => ({
  change,
  result: 'failed',
  failure: changedByOthers(OBJECT[change.kind], change),
});

const isSilent = (failures: readonly Outcome[], retries: number): boolean =>
  retries < SILENT_RETRIES && failures.some(({ failure }) => failure?.reason === 'WriteFailed');

function conclude(
  name: string,
  turn: number,
  { now: { verdicts, undoHeldBack }, postponed, wait }: Permitted,
  failures: readonly Outcome[],
  context: NamespaceLoopContext,
): Run {
  const { ledger, rollouts, contests, views, touch, rolledOut } = context;
  const contested = contests.in(name);
  const told = [...failures, ...contested.map(({ change }) => failedByOthers(change))];
  // An undo that failed here is not over; a roll-out is, and status says how it went.
  const undoing = views().filter(({ phase }) => phase === 'deleted');
  const unfinished = undoing
    .filter(
      view =>
        failures.length > 0 || postponesUndo(postponed, view, name, context) || undoHeldBack.has(view.name),
    )
    .map(view => view.name);
  const pending = unfinished.filter(credential => rollouts.isPendingIn(credential, name));
  const failing = pending.flatMap(one => undoFailed(one, undoHeldBack.get(one) ?? told[0]?.failure));
  const judged = withFailures(verdicts, told, context);
  const all = failing.length === 0 ? judged : new Map([...judged, ...failing]);
  for (const credential of ledger.record(name, all)) touch(credential);
  const isSettled = (credential: string): boolean => !unfinished.includes(credential);
  for (const credential of rollouts.settle(name, turn, isSettled)) rolledOut(credential);
  const result = failures.length > 0 ? 'retry' : 'done';
  const after = Math.min(wait ?? Infinity, ...contested.map(({ calmIn }) => calmIn));
  const isOver = failures.every(({ failure }) => failure !== undefined && isRefusal(failure));
  const run = { result, isSettled: isOver } as const;
  return after === Infinity ? run : { ...run, after };
}

/** What has to wait would take back what is still there of it. A fight over what others want is not its affair. */
function postponesUndo(
  postponed: readonly Change[],
  { name, secretName }: CredentialView,
  namespace: string,
  { world }: NamespaceLoopContext,
): boolean {
  const secret = world.secrets.get(secretName)?.get(namespace, secretName);
  const isListed = secret?.credentials.includes(name) === true;
  return postponed.some(
    change =>
      detaches(change, secretName) ||
      (isListed && change.kind !== 'PatchServiceAccount' && change.name === secretName),
  );
}

/** Nobody would know why a RegistryCredential does not go, if its status did not say where. */
const undoFailed = (credential: string, failure: Failure | undefined): [string, Verdict][] =>
  failure === undefined
    ? []
    : [[credential, { failure, serviceAccounts: NO_ACCOUNTS, leftOut: [], servedUnknown: [] }]];

const NO_ACCOUNTS = { selected: 0, attached: 0 };

/** What went wrong with a Secret or a ServiceAccount counts against those whose Secret or reference it was. */
function withFailures(
  verdicts: ReadonlyMap<string, Verdict>,
  failures: readonly Outcome[],
  { views, world }: NamespaceLoopContext,
): ReadonlyMap<string, Verdict> {
  if (failures.length === 0) return verdicts;
  const byName = new Map(views().map(view => [view.name, view]));
  return new Map(
    [...verdicts].map(([credential, verdict]) => {
      const view = byName.get(credential);
      const own = failures.find(({ change }) => view !== undefined && concerns(change, view, world));
      const failure = verdict.failure ?? own?.failure;
      return [credential, failure === undefined ? verdict : failed(verdict, failure)] as const;
    }),
  );
}

function concerns(change: Change, { secretName, serviceAccounts }: CredentialView, world: World): boolean {
  if (change.kind !== 'PatchServiceAccount') return change.name === secretName;
  const { namespace, name, ownPullSecrets, detached } = change;
  // The handing back after an undo, which is nobody's any more: all are to say that it fails.
  if (ownPullSecrets.length + detached.length === 0) return true;
  if (detached.includes(secretName)) return true;
  const account = world.serviceAccounts.get(namespace, name);
  const isSelected = account !== undefined && selectsServiceAccount(serviceAccounts, account);
  return isSelected && ownPullSecrets.includes(secretName);
}

const failed = (verdict: Verdict, failure: Failure): Verdict => ({
  ...verdict,
  failure,
  serviceAccounts: { ...verdict.serviceAccounts, attached: 0 },
});

function report(
  namespace: string,
  outcomes: readonly Outcome[],
  { log, rollouts, contests, touch }: NamespaceLoopContext,
): void {
  for (const { change, result, failure } of outcomes) {
    if (WRITTEN.has(result)) contests.note(change);
    const fields = { namespace, object: `${OBJECT[change.kind]}/${change.name}`, result };
    if (failure !== undefined)
      log.warn('could not write', { ...fields, reason: failure.reason, detail: failure.message });
    else if (result === 'outdated' || result === 'gone') log.debug('nothing written', fields);
    else log.info('written', fields);
    if (change.kind === 'ApplySecret' && (result === 'created' || result === 'configured'))
      for (const credential of rollouts.noteWrite(namespace, change.credentials)) touch(credential);
  }
}

const OBJECT: Record<Change['kind'], string> = {
  PatchServiceAccount: 'serviceaccount',
  ApplySecret: 'secret',
  ReleaseSecret: 'secret',
  DeleteSecret: 'secret',
};
