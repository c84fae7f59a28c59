// What runs before the operator is uninstalled: deletes every RegistryCredential and waits until the operator, which
// alone can do so, has undone what they gave. Without an operator at work nothing is deleted. Why: ADR 0025.

import { DEFAULT_SECRET_NAME, FINALIZER, LEASE } from './api/names.ts';
import type { RegistryCredentialSpec, RegistryCredentialStatus } from './api/types.ts';
import type { Clock } from './clock.ts';
import { CREDENTIALS_PATH, credentialPath } from './controller/paths.ts';
import { saysUndone } from './core/readiness.ts';
import { ApiError, isConflict, isNotFound } from './kube/errors.ts';
import type { KubeClient, KubeObject } from './kube/kube-client.ts';
import type { Lease } from './kube/lease-record.ts';
import { leasesPath } from './kube/lease-store.ts';
import { sleep } from './kube/sleep.ts';

export interface UndoAll {
  readonly client: KubeClient;
  /** The operator's. */
  readonly namespace: string;
  /** Those that the operator serves; undefined where nobody has said, and its own word in status has to do. */
  readonly secretNames: readonly string[] | undefined;
  /** Milliseconds, from the start. */
  readonly timeout: number;
  readonly clock: Clock;
  /** A line about how it goes, for whoever uninstalls. */
  readonly say: (line: string) => void;
}

interface Credential extends KubeObject {
  readonly spec?: Partial<Pick<RegistryCredentialSpec, 'deletionPolicy' | 'secretName'>>;
  readonly status?: Partial<RegistryCredentialStatus>;
}

/** Milliseconds between two looks; only a person waits. */
const PAUSE = 1_000;
/** Milliseconds: an RBAC rule that is new, or an API server that starts, may refuse for a moment. */
const PATIENCE = 30_000;
/** Milliseconds in which a leader renews its Lease several times, and another takes over from one that has died. */
const SIGN_OF_LIFE = 20_000;
/** Names in a line. */
const MOST_NAMES = 10;

/** Resolves with why something is left; undefined when nothing is. Rejects with what the API server keeps answering. */
export async function undoAll(all: UndoAll): Promise<string | undefined> {
  const deadline = all.clock.monotonic() + all.timeout;
  let there = await credentials(all);
  let left = there.filter(isToUndo);
  if (left.length > 0 && !(await isLed(all)))
    return `${NO_OPERATOR} Still there, untouched: ${namesOf(left)}.`;
  const outOfReach = left.filter(one => isOutOfReach(one, all));
  if (outOfReach.length > 0) return `${OUT_OF_REACH} These are: ${namesOf(outOfReach)}.`;
  const orphaning = left.filter(({ spec }) => spec?.deletionPolicy === 'Orphan');
  let said = '';
  while (left.length > 0) {
    if (all.clock.monotonic() >= deadline) return tooLate(left, all.timeout);
    // Those made meanwhile too: with their CRD they would go anyway, and then with nobody to undo them.
    for (const one of left) {
      const refusal = one.metadata.deletionTimestamp === undefined ? await remove(one, all) : undefined;
      if (refusal !== undefined) return refusal;
    }
    const line = `being undone: ${namesOf(left)}`;
    if (line !== said) all.say(line);
    said = line;
    await sleep(PAUSE, all.clock);
    there = await credentials(all);
    left = there.filter(isToUndo);
  }
  const but =
    orphaning.length === 0
      ? ''
      : `, but for what these leave on purpose (deletionPolicy: Orphan): ${namesOf(orphaning)}`;
  all.say(`everything is undone${but}: ${whatIsLeft(there)}`);
  return undefined;
}

/**
 * Of one that others keep the operator has to say in its status that it is undone: somebody may have taken our finalizer off
 * before. And once Helm goes on, no operator is there to say it, and of this log nothing is left when all went well.
 */
const isToUndo = ({ metadata, status }: Credential): boolean =>
  metadata.deletionTimestamp === undefined ||
  metadata.finalizers?.includes(FINALIZER) === true ||
  !saysUndone(messageOf(status));

const messageOf = (status: Credential['status']): string | undefined =>
  status?.conditions?.find(({ type }) => type === 'Ready')?.message;

function whatIsLeft(there: readonly Credential[]): string {
  if (there.length === 0) return 'there is no RegistryCredential left';
  const finalizers = [...new Set(there.flatMap(({ metadata }) => metadata.finalizers ?? []))];
  return (
    `only finalizers of others (${listed(finalizers)}) keep the RegistryCredentials ${namesOf(there)}, ` +
    'and with them their CRD, if that is deleted'
  );
}

const NO_OPERATOR =
  'could not undo the RegistryCredentials: no operator is at work, for nobody renews its Lease. Nothing was deleted. ' +
  'Have the operator running and uninstall again; or keep everything as it is: helm uninstall --no-hooks.';

/**
 * It would go at once, with all that it gave left where it is, and nobody there any more to remove that. Status alone is
 * not believed: while a Deployment is rolled out that has a name less, it is of the operator of before.
 */
const isOutOfReach = ({ spec, status }: Credential, { secretNames }: UndoAll): boolean =>
  secretNames?.includes(spec?.secretName ?? DEFAULT_SECRET_NAME) === false ||
  status?.conditions?.some(
    ({ type, status: value, reason }) =>
      type === 'Stalled' && value === 'True' && reason === 'SecretNameNotServed',
  ) === true;

const OUT_OF_REACH =
  'could not undo the RegistryCredentials: some have a Secret name that the operator does not serve (any more), so what ' +
  'they gave would stay. Nothing was deleted. Serve the name again (secretNames), or delete those that gave nothing, and ' +
  'uninstall again; or keep everything as it is: helm uninstall --no-hooks.';

function tooLate(left: readonly Credential[], timeout: number): string {
  const refusing = left.flatMap(({ metadata, status }) =>
    (status?.failures ?? []).map(failure => `${metadata.name} in ${failure.namespace}: ${failure.message}`),
  );
  const cause = refusing.length === 0 ? '' : ` ${refusing.slice(0, MOST_NAMES).join('; ')}.`;
  return (
    `could not undo in ${Math.round(timeout / 1000)} s: ${namesOf(left)}.${cause} They stay marked for deletion, and the ` +
    "operator goes on: see kubectl get registrycredentials and the operator's log, then uninstall again."
  );
}

const namesOf = (some: readonly Credential[]): string => listed(some.map(({ metadata }) => metadata.name));

function listed(all: readonly string[]): string {
  const names = all.slice(0, MOST_NAMES).join(', ');
  return all.length > MOST_NAMES ? `${names} and ${all.length - MOST_NAMES} more` : names;
}

/** None where there is no CRD either. */
const credentials = (all: UndoAll): Promise<readonly Credential[]> =>
  insist(all, async () => {
    try {
      const { body } = await all.client.request<{ items: Credential[] }>({
        method: 'GET',
        path: CREDENTIALS_PATH,
      });
      return body.items;
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  });

/** That very one: another of its name is seen at the next look. Resolves with why it may not be deleted, if so. */
async function remove({ metadata: { name, uid } }: Credential, all: UndoAll): Promise<string | undefined> {
  try {
    const body = { preconditions: { uid } };
    await insist(
      all,
      () => all.client.request({ method: 'DELETE', path: credentialPath(name), body }),
      isDone,
    );
    return undefined;
  } catch (error) {
    if (isDone(error)) return undefined;
    if (!(error instanceof ApiError) || error.code >= 500 || error.code === 429) throw error;
    return `could not delete RegistryCredential ${name}: ${error.message}. ${NOT_ALLOWED}`;
  }
}

const isDone = (error: unknown): boolean => isNotFound(error) || isConflict(error);

const NOT_ALLOWED =
  'Those that were deleted before it are undone all the same. Uninstall again once it is allowed; or keep what is left as ' +
  'it is: helm uninstall --no-hooks.';

/** A Lease that changes hands or is renewed before our eyes: no clock of another machine is believed. */
async function isLed(all: UndoAll): Promise<boolean> {
  const first = await renewal(all);
  for (const end = all.clock.monotonic() + SIGN_OF_LIFE; all.clock.monotonic() < end; ) {
    await sleep(PAUSE, all.clock);
    const now = await renewal(all);
    if (now !== undefined && now !== first) return true;
  }
  return false;
}

/** Undefined when nobody holds the Lease. */
const renewal = (all: UndoAll): Promise<string | undefined> =>
  insist(all, async () => {
    try {
      const path = `${leasesPath(all.namespace)}/${LEASE}`;
      const { spec } = (await all.client.request<Lease>({ method: 'GET', path })).body;
      return spec?.holderIdentity ? `${spec.holderIdentity} ${spec.renewTime}` : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  });

async function insist<T>(
  all: UndoAll,
  ask: () => Promise<T>,
  isAnswer: (error: unknown) => boolean = () => false,
): Promise<T> {
  for (const end = all.clock.monotonic() + PATIENCE; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (isAnswer(error) || all.clock.monotonic() >= end) throw error;
      await sleep(PAUSE, all.clock);
    }
  }
}
