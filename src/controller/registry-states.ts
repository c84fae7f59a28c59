// What each registry of one RegistryCredential has to give now: what its Secret holds, or what is known of its token.

import type { RegistrySpec } from '../api/types.ts';
import type { Clock } from '../clock.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import type { RegistryMaterial } from '../core/material.ts';
import { scheduleOf } from '../core/schedule.ts';
import { serverKey } from '../core/server-key.ts';
import { sourceOf } from '../sources/registered.ts';
import type { Source, SourceContext } from '../sources/source.ts';
import { Ageing } from './ageing.ts';
import type { CredentialEntry } from './credential-book.ts';
import type { Fetches } from './fetches.ts';
import { isHandedOut } from './handed-out.ts';
import { previousState, type RegistryState } from './last-known-good.ts';
import { keptOffer, storedOffer, tokenOffer } from './offer.ts';
import type { Standing } from './token-fetch.ts';
import { settleVerified, type VerifyContext } from './verified-logins.ts';
import type { Wish } from './wishes.ts';
import type { World } from './world.ts';

export interface RegistryContext extends VerifyContext {
  readonly world: World;
  readonly fetches: Fetches;
  readonly clock: Pick<Clock, 'monotonic' | 'now'>;
  /** False while the RegistryCredentials of an earlier run are taken over: their Secrets may hold more than we know. */
  readonly isStarted: () => boolean;
}

export interface RegistryStates {
  readonly registries: readonly RegistryState[];
  /** The value of the annotation for which all of them were fetched, or were not to be. */
  readonly handledRefresh: string | undefined;
}

/**
 * Waits for no network: of a token it says what is known, and its fetch goes on. `remembered` is what an earlier run
 * knew, where this one knows nothing yet.
 */
export async function registryStates(
  record: CredentialRecord,
  before: CredentialEntry | undefined,
  remembered: readonly (RegistryState | undefined)[],
  context: RegistryContext,
): Promise<RegistryStates> {
  const { name, spec } = record;
  const handled = before === undefined ? record.status?.lastHandledRefresh : before.handledRefresh;
  const wish = wishOf(record, handled);
  const states = before?.registries ?? remembered;
  const earlierStates = spec.registries.map((_, index) => previousState(spec.registries, index, states));
  let isHandled = isAsked(record);
  const keys: (string | undefined)[] = [];
  const offers = spec.registries.map(async (registry, index) => {
    const source = sourceOf(registry);
    const secrets = secretsOf(source, registry, context.world);
    const earlier = earlierStates[index];
    const isRemembered = remembered.length > 0;
    const previous =
      earlier?.settled ?? earlier?.material ?? neverFetched(name, registry, before, isRemembered, context);
    // What it gave is what it gave then, and not what its source has by now.
    if (!isAsked(record) && isRemembered && isClear(previous) && source.gives === 'stored')
      return keptOffer(registry, previous);
    if (source.gives === 'stored')
      return storedOffer(registry, await source.fetch(registry, secrets), previous);
    const inUse = earlier?.token;
    const now = earlier?.ageing?.now() ?? context.clock.now();
    if (!isAsked(record)) return tokenOffer(registry, { ...UNASKED, token: inUse }, previous, inUse, now);
    // What was fetched already is not fetched again for being rejected.
    const known = earlier?.offered ?? inUse;
    const use = { credential: name, source, registry, secrets, known, now, ...wish };
    const standing = context.fetches.use(use);
    keys[index] = standing.key;
    isHandled &&= standing.isFulfilled;
    const isAwaited = isFirstAwaited(standing, earlier);
    return tokenOffer(registry, { ...standing, isAwaited }, previous, inUse, now);
  });
  const offered = await Promise.all(offers);
  context.fetches.retain(name, keys);
  const again = offered.map((offer, index) => {
    const { rejected = [], offered: kept } = earlierStates[index] ?? {};
    return { ...offer, rejected, offered: kept };
  });
  const isUnasked = !isAsked(record);
  const registries = settleVerified(record, again, context).map((state, index) => ({
    ...state,
    ...(isUnasked && { report: { ...state.report, isUnasked } }),
    ageing: ageingOf(state, earlierStates[index], context),
  }));
  return { registries, handledRefresh: isHandled ? (record.refreshRequest ?? handled) : handled };
}

/** Whoever has a token already has only to wait for what an earlier run said of it, and not for one that waits itself. */
const isFirstAwaited = (
  { isAwaited, isLate, token }: Standing,
  earlier: RegistryState | undefined,
): boolean => isAwaited && (token === undefined || (!isLate && earlier?.report.isAwaited !== false));

/** As long as it is the same token, and so also where it is now in use for some of its servers only. */
function ageingOf(
  { token }: RegistryState,
  earlier: RegistryState | undefined,
  { clock }: RegistryContext,
): Ageing | undefined {
  if (token === undefined) return undefined;
  const isSame = earlier?.token?.fetchedAt === token.fetchedAt && earlier.token.expiresAt === token.expiresAt;
  return (isSame ? earlier?.ageing : undefined) ?? new Ageing(clock);
}

/** A schedule that cannot be read is told by status, and has no times. */
function wishOf({ spec, refreshRequest }: CredentialRecord, handled: string | undefined): Wish {
  const parsed = spec.refresh && scheduleOf(spec.refresh);
  return {
    schedule: parsed?.ok ? parsed.schedule : undefined,
    request: refreshRequest === handled ? undefined : refreshRequest,
  };
}

/** One that gets no new login needs none; and what it gave earlier no source would tell. */
const isAsked = ({ deleted, spec }: CredentialRecord): boolean => !deleted && spec.suspend !== true;

/** An earlier run says what it gave, or that it gave nothing. */
const isClear = (material: RegistryMaterial): boolean =>
  material.state !== 'unknown' || material.unlikely === true;

const UNASKED = {
  isOurs: false,
  failure: undefined,
  isAwaited: false,
  begunAt: 0,
  renewalAt: undefined,
  age: 'living',
  isLate: false,
  isFulfilled: true,
} as const;

/** As they are now: what is fetched with them is known by them. */
function secretsOf(
  source: Source,
  registry: RegistrySpec,
  { sources, operatorNamespace }: World,
): SourceContext {
  const secrets = new Map(source.secretNames(registry).map(name => [name, sources.get('', name)]));
  return { namespace: operatorNamespace, secret: name => secrets.get(name) };
}

/** Only what was there when we started can have been written by an earlier run, and that is listed where it was. */
function neverFetched(
  credential: string,
  registry: RegistrySpec,
  before: CredentialEntry | undefined,
  isRemembered: boolean,
  { isStarted, world }: RegistryContext,
): RegistryMaterial {
  if (isStarted() || before !== undefined || !isHandedOut({ name: credential }, world))
    return { state: 'absent' };
  const keys = sourceOf(registry)
    .servers(registry)
    ?.flatMap(server => serverKey(server) ?? []);
  // An earlier run kept what it knew, and nothing of this one.
  return { state: 'unknown', keys, ...(isRemembered && { unlikely: true }) };
}

/** Milliseconds. A Secret that is written without a login that is about to come is written twice. */
const PATIENCE = 3_000;

/** For how long what there is has to wait for a first login on its way, in milliseconds; undefined if it has not to. */
export function awaitingFirstFor(
  states: readonly RegistryState[],
  { clock }: Pick<RegistryContext, 'clock'>,
): number | undefined {
  const since = states.flatMap(({ awaitedSince }) => awaitedSince ?? []);
  if (since.length === 0) return undefined;
  const left = Math.max(...since) + PATIENCE - clock.monotonic();
  if (left > 0) return left;
  // With nothing to give there is nothing to hurry for: its end wakes us.
  return states.some(({ material }) => material.state === 'known') ? undefined : PATIENCE;
}

/** Somebody may set the wall clock. */
const LONGEST_NAP = 60_000;

/** After how long there is something else to say of a login that is in use, in milliseconds. */
export function untilTurn(
  states: readonly RegistryState[],
  { clock }: Pick<RegistryContext, 'clock'>,
): number | undefined {
  const turns = states.flatMap(({ turnAt }) => turnAt ?? []);
  return turns.length === 0 ? undefined : Math.min(Math.min(...turns) - clock.now(), LONGEST_NAP);
}
