// Who led when, by the API server's own account: from one process's first write of the Lease to
// the first of another. Whatever else was written is to fall into a term of its writer.

import { type AuditedRequest, LEASES } from './audit.ts';

export interface Term {
  readonly token: string;
  /** Milliseconds since the epoch: when its first write of the Lease came in. */
  readonly from: number;
  /** When another one had the Lease; infinite for the last term. */
  readonly until: number;
  /** When its last write of the Lease came in. */
  readonly renewed: number;
}

export function termsOf(writes: readonly AuditedRequest[]): Term[] {
  const terms: Term[] = [];
  for (const { token, received, answered } of renewalsIn(writes)) {
    const last = terms.at(-1);
    if (last?.token === token) terms[terms.length - 1] = { ...last, renewed: received };
    else {
      if (last !== undefined) terms[terms.length - 1] = { ...last, until: answered };
      terms.push({ token, from: received, until: Number.POSITIVE_INFINITY, renewed: received });
    }
  }
  return terms;
}

/** The writes that came in or were answered while their writer did not lead. */
export function writesOutOfTerm(writes: readonly AuditedRequest[]): AuditedRequest[] {
  const terms = termsOf(writes);
  return writes.filter(
    ({ resource, token, received, answered }) =>
      resource !== LEASES &&
      !terms.some(term => term.token === token && term.from <= received && answered <= term.until),
  );
}

/** What one process had under way or began when its last write of the Lease came in: at an end that one gives it back. */
export function writesUnderWayAtTheEnd(token: string, writes: readonly AuditedRequest[]): AuditedRequest[] {
  const own = writes.filter(write => write.token === token);
  const end = Math.max(...renewalsIn(own).map(({ received }) => received));
  return own.filter(({ resource, answered }) => resource !== LEASES && answered > end);
}

/** Those that a candidate got; one that was refused gave it nothing. */
const renewalsIn = (writes: readonly AuditedRequest[]): AuditedRequest[] =>
  writes
    .filter(({ resource, code }) => resource === LEASES && code < 300)
    .sort((one, other) => one.answered - other.answered);
