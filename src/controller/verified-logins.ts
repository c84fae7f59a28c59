// Between a source and what is handed out: what the registries say to the logins, and under Enforce which of them may
// go out by now. One that is out already stays out, whatever is said of it later (docs/adr/0022).

import type { VerificationMode } from '../api/types.ts';
import { type AuthEntry, loginId } from '../core/auth-entry.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import type { RegistryMaterial } from '../core/material.ts';
import type { RejectedLogin, Verified, VerifiedReport } from '../core/verified.ts';
import type { Verdict } from '../registry/verdict.ts';
import { handedOut, isHandedOut, type Out, type OutOf } from './handed-out.ts';
import type { RegistryState } from './last-known-good.ts';
import { type Candidate, imageProblem, trialsOf } from './logins-to-try.ts';
import type { OfferAgain } from './offer.ts';
import type { Verification } from './verification.ts';
import type { Rejected, Tried, Verifying } from './verifying.ts';
import type { World } from './world.ts';

export interface VerifyContext {
  readonly world: Pick<World, 'sources' | 'secrets' | 'operatorNamespace'>;
  readonly verification: Verification;
  readonly verifying: Pick<Verifying, 'tokenServers' | 'defaultVerification'>;
}

/** `out`: it is in the namespaces. `waiting` for its verdict, `refused` by it. */
type Standing = 'out' | 'free' | 'waiting' | 'refused';

interface Judged extends Candidate {
  readonly standing: Standing;
  readonly verdict: Verdict | undefined;
  readonly isInherited: boolean;
}

export function settleVerified(
  record: CredentialRecord,
  offers: readonly OfferAgain[],
  context: VerifyContext,
): RegistryState[] {
  const mode = record.spec.verification?.mode ?? context.verifying.defaultVerification;
  const isPaused = record.spec.suspend === true || record.deleted;
  if (mode === 'Off' || isPaused) context.verification.forget(record.name);
  if (mode === 'Off') return offers.map(({ settle }) => settle(NOTHING_HELD));
  const outOf = handedOut(record, context.world);
  const rows = offers.flatMap(offer => offer.entries.map(entry => ({ ...offer, entry })));
  const tried = isPaused ? [] : tryAll(record, rows, outOf, context);
  const awaited = new Set<string>();
  const judged = rows.map(({ entry, registry, previous, isEnding }, index): Judged => {
    const one = tried[index];
    const own = standingOf(one, mode, () => outOf(entry, previous), isEnding, context);
    // In a moment it may lose its server to one before it, and all namespaces would be written twice.
    const standing = own === 'free' && awaited.has(entry.key) ? 'waiting' : own;
    if (standing === 'waiting') awaited.add(entry.key);
    return { entry, registry, standing, verdict: one?.verdict, isInherited: one?.isInherited === true };
  });
  const besides = isPaused ? undefined : aboutImage(record, offers, rows);
  const states = offers.map((offer, index) =>
    settleOne(
      offer,
      judged.filter(({ registry }) => registry === offer.registry),
      index === 0 ? besides : undefined,
    ),
  );
  // What was known of them is known again when they are resumed.
  if (isPaused)
    return states.map((state, index) => {
      const { rejected = [], offered } = offers[index] ?? {};
      return { ...state, rejected, offered };
    });
  return isGap(states) && isHandedOut(record, context.world) ? states.map(heldOpen) : states;
}

/** Of no login, so the first registry says it; not while one of them may yet bring the login that the image needs. */
function aboutImage(
  { spec }: CredentialRecord,
  offers: readonly OfferAgain[],
  rows: readonly Candidate[],
): Verified | undefined {
  if (offers.some(({ entries }) => entries.length === 0)) return undefined;
  const problem = imageProblem(rows, spec.verification?.image);
  return problem && said(problem);
}

/** All that there is to give waits. */
const isGap = (states: readonly RegistryState[]): boolean =>
  states.some(({ isHolding }) => isHolding) && !states.some(({ material }) => material.state === 'known');

/**
 * Then a Secret stays as it is: what went from the spec would go with it, and a moment later it would be another one.
 * That is over with the verdict, whatever it says.
 */
const heldOpen = (state: RegistryState): RegistryState =>
  state.isHolding
    ? { ...state, material: { state: 'unknown', keys: undefined }, settled: state.material }
    : state;

function tryAll(
  record: CredentialRecord,
  rows: readonly (OfferAgain & Candidate)[],
  outOf: OutOf,
  context: VerifyContext,
): readonly Tried[] {
  const { name, spec, status, generation } = record;
  const { verification } = context;
  // Only of the first logins that we see can an earlier run have said what status says.
  const isNew = verification.isNew(name);
  const isFirst = isNew && status?.observedGeneration === generation;
  const trials = trialsOf(rows, spec.verification?.image, context);
  const wanted = rows.map(({ entry, previous, rejected }, index) => ({
    ...(trials[index] as (typeof trials)[number]),
    isInherited: isFirst && outOf(entry, previous) === 'this',
    rejected: isNew ? rejectedIn(rejected, entry) : undefined,
  }));
  return verification.look(name, wanted);
}

function standingOf(
  tried: Tried | undefined,
  mode: VerificationMode,
  out: () => Out,
  isEnding: boolean,
  { verification }: VerifyContext,
): Standing {
  if (mode !== 'Enforce') return 'free';
  const place = out();
  if (place === 'this') return 'out';
  if (tried === undefined || verification.isHeld(tried)) return 'waiting';
  const { reason } = tried.verdict ?? {};
  // An image that is not there says as much about the image as about the login.
  if (reason === 'LoginRejected' || reason === 'PullDenied') return 'refused';
  // That we do not ask any more for all the wrong ones must not let the next wrong one out, nor leave a namespace
  // without a living login for what nobody has said.
  return verification.isDoubted(tried) && place === 'other' && !isEnding ? 'refused' : 'free';
}

function rejectedIn(rejected: readonly RejectedLogin[], entry: AuthEntry): Rejected | undefined {
  const id = loginId(entry);
  const found = rejected.find(one => one.id === id);
  return found && { outcome: 'rejected', reason: 'LoginRejected', message: found.message };
}

function settleOne(
  { settle }: OfferAgain,
  judged: readonly Judged[],
  besides: Verified | undefined,
): RegistryState {
  const waiting = judged.filter(({ standing }) => standing === 'waiting').map(({ entry }) => entry);
  const refused = judged
    .filter(({ standing }) => standing === 'refused')
    .map(({ entry, verdict }) => ({ entry, message: verdict?.message ?? UNTRIED }));
  const state = settle({ waiting, refused });
  const verified = verifiedOf(judged, state.material, besides);
  const held = [...waiting, ...refused.map(({ entry }) => entry)];
  const rejected = judged.flatMap(({ entry, verdict }) =>
    verdict?.outcome === 'rejected' ? [{ id: loginId(entry), message: verdict.message }] : [],
  );
  return { ...state, held, rejected, isHolding: waiting.length > 0, report: { ...state.report, verified } };
}

const UNTRIED = 'not tried yet: its registry was asked often enough, and rejected logins of this account';

const NOTHING_HELD = { waiting: [], refused: [] } as const;

const more = (count: number, what: string): string => (count === 0 ? '' : ` (and ${count} more ${what})`);

const RESULT = { verified: 'True', rejected: 'False', denied: 'False', inconclusive: 'Unknown' } as const;

/** The worst of its logins, once all were tried, and of what there is to say `besides`. */
function verifiedOf(
  judged: readonly Judged[],
  material: RegistryMaterial,
  besides: Verified | undefined,
): VerifiedReport | undefined {
  // Without a login there is nothing to say, but for what an earlier run may have found of one.
  const isNone = material.state === 'absent' || (material.state === 'unknown' && material.unlikely === true);
  if (judged.length === 0 && isNone) return undefined;
  const isOpen = judged.length === 0 || judged.some(({ verdict }) => verdict === undefined);
  if (isOpen) return { told: undefined, mayStand: true };
  const told = [...(besides ? [besides] : []), ...judged.flatMap(toldOf)];
  const worst = ['False', 'Unknown', 'True'].find(result => told.some(({ verified }) => verified === result));
  const [first, ...others] = told.filter(({ verified }) => verified === worst);
  const best = told.find(({ reason }) => reason === 'PullAllowed');
  const shown = worst === 'True' ? (best ?? first) : first;
  const mayStand =
    worst === 'Unknown' &&
    besides === undefined &&
    judged.every(({ verdict, isInherited }) => verdict?.outcome !== 'inconclusive' || isInherited);
  const message = `${shown?.message}${worst === 'True' ? '' : more(others.length, 'logins')}`;
  return { told: shown && { ...shown, message }, mayStand };
}

function toldOf({ verdict, standing }: Judged): Verified[] {
  if (verdict === undefined) return [];
  const { message, ...told } = said(verdict);
  const suffix = standing === 'refused' ? '; it is not handed out' : '';
  return [{ ...told, message: `${message}${suffix}` }];
}

const said = ({ outcome, reason, message }: Verdict): Verified => ({
  verified: RESULT[outcome],
  reason,
  message,
});
