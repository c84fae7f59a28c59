// What stands in a Lease, and what a candidate writes into it. The times are for people
// to read: no decision rests on a time that another machine wrote.

import type { KubeObject } from './kube-client.ts';
import { microTime } from './micro-time.ts';

export interface LeaseSpec {
  /** Empty once it was given back. */
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

export interface Lease extends KubeObject {
  readonly spec?: LeaseSpec;
}

/** Seconds without a sign of the holder after which others may take the Lease. */
export const LEASE_DURATION = 15;

/** What the API server takes: a signed number of 32 bits. */
const MOST_TRANSITIONS = 2 ** 31 - 1;

/**
 * The record of the next term, or of the same one renewed. Fields that are not ours to set stay.
 * @param now milliseconds since the epoch
 */
export function takenBy(identity: string, previous: LeaseSpec | undefined, now: number): LeaseSpec {
  const time = microTime(now);
  const renewed = { ...previous, leaseDurationSeconds: LEASE_DURATION, renewTime: time };
  if (previous?.holderIdentity === identity) return renewed;
  const transitions = previous === undefined ? 0 : (previous.leaseTransitions ?? 0) + 1;
  // One more than the most would be refused for ever.
  const leaseTransitions = Math.min(transitions, MOST_TRANSITIONS);
  return { ...renewed, holderIdentity: identity, acquireTime: time, leaseTransitions };
}

/** The shortest life that the API server allows: by it a Lease that was given back is told from one that was emptied. */
const GIVEN_BACK = 1;

/** Free for whoever looks next. */
export function givenBack(previous: LeaseSpec, now: number): LeaseSpec {
  const time = microTime(now);
  return {
    ...previous,
    holderIdentity: '',
    leaseDurationSeconds: GIVEN_BACK,
    acquireTime: time,
    renewTime: time,
  };
}

/** Nobody stands in it, and no holder took itself out: somebody edited it by hand. */
export const isEmptied = ({ holderIdentity = '', leaseDurationSeconds }: LeaseSpec): boolean =>
  holderIdentity === '' && leaseDurationSeconds !== GIVEN_BACK;
