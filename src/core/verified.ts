// What the registries say to the logins of a RegistryCredential, as status tells it. Who cannot be asked takes nothing
// back: what was said before stands until there is an answer, over a restart too.

import { MAX_STATUS_SERVER } from '../api/bounds.ts';
import type { Condition, VerifiedReason } from '../api/conditions.ts';
import type { RegistryStatus } from '../api/types.ts';
import { clip } from './clip.ts';
import type { CredentialRecord } from './credential-record.ts';
import type { RegistryReport } from './registry-report.ts';

export interface Verified {
  readonly verified: 'True' | 'False' | 'Unknown';
  readonly reason: VerifiedReason;
  readonly message: string;
}

/** For the next start: what its registry said no to, and in which words. */
export interface RejectedLogin {
  /** As of loginId. */
  readonly id: string;
  readonly message: string;
}

/** What is known of the logins of one item of `spec.registries`. */
export interface VerifiedReport {
  /** Undefined while not all of them were tried. */
  readonly told: Verified | undefined;
  /** Nobody could tell, of logins that an earlier run handed out: what that run found still holds. */
  readonly mayStand: boolean;
}

type Shown = Pick<Verified, 'verified' | 'reason'> & { readonly message: string | undefined };

/** Undefined when they are not tried, or nothing is known yet. The message is not known of what was said before. */
export function verifiedOf(
  { verified, server, source }: RegistryReport,
  index: number,
  { status }: CredentialRecord,
): Shown | undefined {
  if (verified === undefined) return undefined;
  const { told, mayStand } = verified;
  if (told !== undefined && !mayStand) return told;
  const isSame = (one: RegistryStatus | undefined): boolean =>
    one?.source === source && (server === undefined || one.server === clip(server, MAX_STATUS_SERVER));
  const all = status?.registries ?? [];
  // Where it stood, if it is the same, whatever is said of another one for that server; another one may have moved it.
  const earlier = isSame(all[index])
    ? all[index]
    : all.find(one => one.verified !== undefined && isSame(one));
  if (earlier?.verified === undefined) return told;
  return { verified: earlier.verified, reason: earlier.reason as VerifiedReason, message: undefined };
}

type Said = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

/** Undefined where there is nothing to say. */
export function verifiedCondition(
  reports: readonly RegistryReport[],
  record: CredentialRecord,
): Said | undefined {
  const before = record.status?.conditions.find(({ type }) => type === 'Verified');
  if (reports.every(({ verified }) => verified === undefined)) return undefined;
  // In whatever order the registries answer, it is said once.
  if (reports.some(({ verified }) => verified !== undefined && verified.told === undefined)) return before;
  const shown = reports.map((report, index) => ({ index, ...verifiedOf(report, index, record) }));
  for (const status of ['False', 'Unknown', 'True'] as const) {
    const [first, ...others] = shown.filter(({ verified }) => verified === status);
    if (first?.reason === undefined) continue;
    const reason = status === 'True' ? reasonOfAll(shown) : first.reason;
    const isOld = first.message === undefined && before?.status === status && before.reason === reason;
    const message = isOld ? before.message : messageOf(status, first, others.length);
    return { type: 'Verified', status, reason, message };
  }
  return undefined;
}

const reasonOfAll = (shown: readonly Partial<Shown>[]): VerifiedReason =>
  shown.some(({ reason }) => reason === 'PullAllowed') ? 'PullAllowed' : 'LoginAccepted';

function messageOf(
  status: Verified['verified'],
  first: Partial<Shown> & { readonly index: number },
  others: number,
): string {
  if (status === 'True') return 'every login was taken by its registry when it was last tried';
  const more = others === 0 ? '' : `; and ${others} more of spec.registries, see status.registries`;
  return `registries[${first.index}]: ${first.message ?? first.reason}${more}`;
}
