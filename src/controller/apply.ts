// The only writer in the namespaces. Carries a plan out and says what came of each
// change; the answers go into the world at once, ahead of the watch.

import type { ApplySecret, Change, Failure, PatchServiceAccount, Plan } from '../core/change.ts';
import type { ServiceAccountRecord } from '../core/records.ts';
import { isConflict, retryAfterOf } from '../kube/errors.ts';
import type { KubeClient, KubeObject, KubeResponse } from '../kube/kube-client.ts';
import { giveBack, handBackFields, lookAt, requestFor } from './change-request.ts';
import { wasSomebodyElses } from './foreign-secret.ts';
import { handedBack } from './list-ownership.ts';
import { refusalOf } from './refusal.ts';
import { slimSecret, slimServiceAccount } from './slim.ts';
import type { World } from './world.ts';

export interface Outcome {
  readonly change: Change;
  readonly result: 'created' | 'configured' | 'deleted' | 'released' | 'gone' | 'outdated' | 'failed';
  readonly failure?: Failure;
  /** Milliseconds for which the server asked to be left alone with a change that failed. */
  readonly retryAfter?: number;
}

/** The cluster is another one because of it. */
export const WRITTEN: ReadonlySet<Outcome['result']> = new Set([
  'created',
  'configured',
  'released',
  'deleted',
]);

export interface ApplyContext {
  readonly client: KubeClient;
  readonly world: World;
  readonly redact: (text: string) => string;
}

/** After that the next look at the namespace goes on with it. */
const HAND_BACK_ATTEMPTS = 5;

export async function apply(plan: Plan, context: ApplyContext): Promise<Outcome[]> {
  const outcomes = await Promise.all(plan.changes.map(change => applyOne(change, context)));
  // A Secret goes only when nothing refers to it any more.
  if (outcomes.some(({ result }) => result === 'failed' || result === 'outdated')) return outcomes;
  const after = await Promise.all(plan.afterReferences.map(change => applyOne(change, context)));
  return [...outcomes, ...after];
}

async function applyOne(change: Change, context: ApplyContext): Promise<Outcome> {
  try {
    const response = await context.client.request<KubeObject>(requestFor(change));
    return { change, result: await observe(change, response, context) };
  } catch (error) {
    const refusal = refusalOf(error, context.redact);
    if (refusal.kind === 'gone') forget(change, context.world);
    return refusal.kind === 'failed'
      ? { change, result: 'failed', failure: refusal.failure, retryAfter: retryAfterOf(error) }
      : { change, result: refusal.kind };
  }
}

async function observe(
  change: Change,
  { status, body }: KubeResponse<KubeObject>,
  context: ApplyContext,
): Promise<Outcome['result']> {
  switch (change.kind) {
    case 'PatchServiceAccount':
      context.world.serviceAccounts.observe(slimServiceAccount(body));
      await handBack(change, body, context);
      return 'configured';
    case 'ApplySecret':
      if (change.uid === undefined && status === 200 && wasSomebodyElses(body))
        return returnFields(change, body, context);
      context.world.secrets.get(change.name)?.observe(slimSecret(body));
      return status === 201 ? 'created' : 'configured';
    case 'ReleaseSecret':
      context.world.secrets.get(change.name)?.observe(slimSecret(body));
      return 'released';
    case 'DeleteSecret':
      // One that waits for somebody's finalizer is answered as it is from now on, and is not gone.
      if (isSecret(body)) context.world.secrets.get(change.name)?.observe(slimSecret(body));
      else forget(change, context.world);
      return 'deleted';
  }
}

/** Otherwise it is a Status. */
const isSecret = ({ metadata }: Partial<KubeObject>): boolean => metadata?.uid !== undefined;

/**
 * The list belongs to its owners again. Whoever writes the object meanwhile does not make us forget who they were.
 * Who does so at every attempt leaves it undone, but not the change: that was made, and counts as a repair.
 */
async function handBack(
  change: PatchServiceAccount,
  patched: KubeObject,
  { client, world }: ApplyContext,
): Promise<void> {
  let account = patched;
  for (let attempts = 1; ; attempts++) {
    const managedFields = handedBack(account.metadata, change.owners);
    if (managedFields === undefined) return;
    const { resourceVersion } = account.metadata;
    try {
      const { body } = await client.request<KubeObject>(
        handBackFields(change, resourceVersion, managedFields),
      );
      const record = slimServiceAccount(body);
      world.serviceAccounts.observe(record);
      // It changed nothing, as where admission strips managedFields: nor would it once more.
      if (record.resourceVersion === resourceVersion) world.serviceAccounts.correct(withoutClaim(record));
      return;
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (attempts === HAND_BACK_ATTEMPTS) return;
    }
    account = (await client.request<KubeObject>(lookAt(change))).body;
  }
}

const withoutClaim = (record: ServiceAccountRecord): ServiceAccountRecord => ({
  ...record,
  ownership: { ...record.ownership, isInTheWay: false },
});

/** Then the watch shows the Secret as the foreign one that it is. */
async function returnFields(
  change: ApplySecret,
  body: KubeObject,
  { client }: ApplyContext,
): Promise<Outcome['result']> {
  await client.request(giveBack(change, body.metadata.uid));
  return 'outdated';
}

function forget(change: Change, world: World): void {
  const { kind, namespace, name } = change;
  const store = kind === 'PatchServiceAccount' ? world.serviceAccounts : world.secrets.get(name);
  const record = store?.get(namespace, name);
  // The watch may have brought a successor of the same name meanwhile.
  const isMeant =
    kind === 'PatchServiceAccount'
      ? record?.resourceVersion === change.resourceVersion
      : record?.uid === change.uid;
  if (record !== undefined && isMeant) store?.forget(record);
}
