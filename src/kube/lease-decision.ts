// Who may take the Lease: decided by how long we ourselves have seen the record unchanged,
// so that a clock that runs wrong, here or at the holder, never makes two leaders.

import { isDeepStrictEqual } from 'node:util';
import { isEmptied, LEASE_DURATION, type Lease, type LeaseSpec } from './lease-record.ts';

/** A record, and since when it has looked like this: milliseconds of our own monotonic clock. */
export interface Observation {
  readonly spec: LeaseSpec;
  readonly since: number;
}

/** Seconds. What is beyond was written by hand, and must not keep everybody out for years. */
const LONGEST_DURATION = 4 * LEASE_DURATION;

/**
 * @param lease undefined when there is none: the record that was deleted or emptied counts on, for its holder
 * may not have noticed yet, and somebody edits Leases by hand to "force" a change of leader
 */
export function observe(
  previous: Observation | undefined,
  lease: Lease | undefined,
  now: number,
): Observation | undefined {
  const spec = lease?.spec ?? {};
  if (lease === undefined || (previous !== undefined && isEmptied(spec))) return previous;
  return previous !== undefined && isDeepStrictEqual(previous.spec, spec) ? previous : { spec, since: now };
}

/**
 * Whole milliseconds until the Lease may be taken (or renewed); 0 is now.
 * @param identity undefined for a candidate that did not write it
 */
export function untilFree(
  observed: Observation | undefined,
  identity: string | undefined,
  now: number,
): number {
  const { holderIdentity = '', leaseDurationSeconds = LEASE_DURATION } = observed?.spec ?? {};
  if (observed === undefined || holderIdentity === '' || holderIdentity === identity) return 0;
  // Never less than ours: the holder that an edit by hand took out may write on until its own term is over.
  const seconds = Math.min(Math.max(leaseDurationSeconds, LEASE_DURATION), LONGEST_DURATION);
  return Math.max(0, Math.ceil(observed.since + seconds * 1000 - now));
}
