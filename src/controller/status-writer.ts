// Writes status: not sooner than it can say something settled, and only when it says
// something new. When it is asked to is the business of status-queue.ts.

import { isDeepStrictEqual } from 'node:util';
import type { RegistryCredentialStatus } from '../api/types.ts';
import type { Clock } from '../clock.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import { statusOf } from '../core/status.ts';
import { isSettled } from '../core/status-events.ts';
import { isNotFound } from '../kube/errors.ts';
import type { KubeClient, KubeObject } from '../kube/kube-client.ts';
import type { CredentialEvents } from './credential-events.ts';
import { statusPath } from './paths.ts';
import type { Rollouts } from './rollouts.ts';
import { type SituationContext, situationOf } from './situation.ts';
import { slimCredential } from './slim.ts';
import { isOnlyProgress, pauseOfProgress } from './status-pace.ts';
import type { Written } from './status-queue.ts';
import { credentialChanged } from './triggers.ts';
import { credentialNamed, type World } from './world.ts';

export interface StatusContext extends SituationContext {
  readonly client: KubeClient;
  readonly world: World;
  readonly rollouts: Rollouts;
  readonly clock: Clock;
  readonly events: Pick<CredentialEvents, 'status'>;
  /** Somebody changed a RegistryCredential, and no watch will tell: it brings what is known already. */
  readonly changed: (before: CredentialRecord, after: CredentialRecord) => void;
}

/** `since`: milliseconds since its last write. */
export async function writeStatus(name: string, since: number, context: StatusContext): Promise<Written> {
  const record = credentialNamed(context.world, name);
  if (record === undefined) return 'unchanged';
  const situation = situationOf(record, context);
  if (situation === undefined) return 'unchanged';
  const next = statusOf(situation, context.clock.now());
  const isNews = !isDeepStrictEqual(next, record.status);
  const isHurried = !situation.isRollingOut || since >= pauseOfProgress(context.rollouts.underWay);
  if (isNews && !isHurried && isOnlyProgress(record.status, next)) return 'postponed';
  const isThere = isNews ? await replaceStatus(record, next, context) : true;
  const progress = { isSettled: isSettled(situation), rollouts: context.rollouts.completed(name) };
  if (isThere) context.events.status(record, next, progress);
  return isNews ? 'written' : 'unchanged';
}

/** Returns whether there was anything to write it to. */
async function replaceStatus(
  { name, uid }: CredentialRecord,
  status: RegistryCredentialStatus,
  context: StatusContext,
): Promise<boolean> {
  try {
    const { body } = await context.client.request<KubeObject>({
      method: 'PATCH',
      path: statusPath(name),
      contentType: 'application/json-patch+json',
      // Replaces all of it: status has one author.
      body: [
        { op: 'test', path: '/metadata/uid', value: uid },
        { op: 'add', path: '/status', value: status },
      ],
    });
    observe(slimCredential(body), context);
    return true;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return false;
  }
}

/**
 * The write names no resourceVersion, for status has one author: so the answer may hold what somebody else
 * changed in spec or metadata meanwhile, such as the deletion.
 */
function observe(answered: CredentialRecord, { world, changed }: StatusContext): void {
  const before = credentialNamed(world, answered.name);
  world.credentials.observe(answered);
  const after = credentialNamed(world, answered.name);
  if (before !== undefined && after !== undefined && credentialChanged(before, after)) changed(before, after);
}
