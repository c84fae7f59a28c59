// Whether somebody else changed what the operator wrote. Its own writes do not come here: their answers are known before
// the watch tells of them, but for those that the watch tells first, after which there is nothing to be put right.

import type { SecretRecord, ServiceAccountRecord } from '../core/records.ts';

export function secretDrifted(before: SecretRecord | undefined, after: SecretRecord | undefined): boolean {
  if (before?.managed !== true || before.credentials.length === 0) return false;
  return (
    after === undefined ||
    !after.managed ||
    after.content !== before.content ||
    after.credentials.join() !== before.credentials.join()
  );
}

/** One that is gone is missed by nobody. */
export function serviceAccountDrifted(
  before: ServiceAccountRecord | undefined,
  after: ServiceAccountRecord | undefined,
): boolean {
  if (before === undefined || after === undefined || before.ownPullSecrets.length === 0) return false;
  return (
    before.ownPullSecrets.some(name => !after.pullSecrets.includes(name)) ||
    before.ownPullSecrets.join() !== after.ownPullSecrets.join()
  );
}
