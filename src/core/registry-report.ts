// How one item of `spec.registries` fares: what the credential loop tells status.

import type { VerifiedReport } from './verified.ts';

export interface RegistryReport {
  /** As shown: the server, or those of a docker config; undefined while none is known. */
  readonly server: string | undefined;
  /** Key in the spec, such as "basic". */
  readonly source: string;
  /**
   * `serving` all there is; `partial`: single entries are left out; `kept`: the
   * source fails and its last known good login is served; `expiring`: so it is, with
   * a quarter of its life left; `expired`: so it is, though it has ended; `unknown`: the
   * source fails and only what an earlier run wrote may be served; `failed`: nothing is.
   */
  readonly state: 'serving' | 'partial' | 'kept' | 'expiring' | 'expired' | 'unknown' | 'failed';
  /** What is wrong and what to do; undefined when all is well. */
  readonly message: string | undefined;
  readonly expiresAt: Date | undefined;
  /** Of a token: when it was fetched, and when the next one is to be. */
  readonly fetchedAt?: Date | undefined;
  readonly renewalAt?: Date | undefined;
  /** Its source has not answered since the operator started: what status says of it stands until then. */
  readonly isAwaited?: boolean;
  /** Its source is not asked (any more), be it deleted or suspended: what status says of it stands. */
  readonly isUnasked?: boolean;
  /** What its registry says to the logins; undefined when they are not tried. */
  readonly verified?: VerifiedReport | undefined;
}
