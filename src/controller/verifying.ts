// What the verification is given: by whoever runs the operator, and of each login; and what comes of it.

import type { VerificationMode } from '../api/types.ts';
import type { Clock, Random } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { LoginToCheck } from '../registry/check-login.ts';
import type { CheckLogin, SharedOptions } from '../registry/login-checks.ts';
import type { Verdict } from '../registry/verdict.ts';

import type { TokenServers } from '../token-servers.ts';

export interface Verifying {
  /** Of all terms together, so that no registry is asked more than it bears. */
  readonly checkLogin: CheckLogin;
  readonly tokenServers: TokenServers;
  /** Of a spec that does not say. */
  readonly defaultVerification: VerificationMode;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Pick<Log, 'error'>;
  readonly metrics: Pick<Metrics, 'registerVerification'>;
}

export type Rejected = Extract<Verdict, { outcome: 'rejected' }>;

/** A login and how it is to be tried. */
export interface Wanted {
  /** Equal only where the answer has to be. */
  readonly id: string;
  /** Or what is clear without asking anybody. */
  readonly ask: { readonly login: LoginToCheck; readonly options: SharedOptions } | Verdict;
  /** An earlier run of the operator handed it out. */
  readonly isInherited: boolean;
  /** What an earlier run was told, where that was a no: then there is time. */
  readonly rejected?: Rejected | undefined;
}

export interface Tried {
  readonly isInherited: boolean;
  /** By the monotonic clock: not tried for now, for the registry has rejected logins of the same account; until then. */
  readonly suspectUntil: number | undefined;
  /** Undefined while it has not been tried. */
  readonly verdict: Verdict | undefined;
  /** By the monotonic clock: so long it may be kept back without a verdict. */
  readonly heldUntil: number;
}
