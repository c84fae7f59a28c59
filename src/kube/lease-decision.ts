// Who may take the Lease: decided by how long we ourselves have seen the record unchanged,
// so that a clock that runs wrong, here or at the holder, never makes two leaders.

import { isDeepStrictEqual } from 'node:util';
import { LEASE_DURATION, type Lease, type LeaseSpec } from './lease-record.ts';

/** A record, and since when it has looked like this: milliseconds of our own monotonic clock. */
export interface Observation {
  readonly spec: LeaseSpec;
  readonly since: number;
}

/**
 * @param lease undefined when there is none: the record that was deleted counts on, for its holder
 * may not have noticed yet, and somebody deletes Leases by hand to "force" a change of leader
 */
export function observe(
  previous: Observation | undefined,
  lease: Lease | undefined,
  now: number,
): Observation | undefined {
  if (lease === undefined) return previous;
  const spec = lease.spec ?? {};
  return previous !== undefined && isDeepStrictEqual(previous.spec, spec) ? previous : { spec, since: now };
}

/** Whole milliseconds until the Lease may be taken (or renewed); 0 is now. */
export function untilFree(observed: Observation | undefined, identity: string, now: number): number {
  const { holderIdentity = '', leaseDurationSeconds = LEASE_DURATION } = observed?.spec ?? {};
  if (observed === undefined || holderIdentity === '' || holderIdentity === identity) return 0;
  return Math.max(0, Math.ceil(observed.since + leaseDurationSeconds * 1000 - now));
}
