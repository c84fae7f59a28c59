// What the operator asked of the API server, by the API server's own account: the one
// witness for "nothing was written".

import { stat } from 'node:fs/promises';
import { OPERATOR_ACCOUNT, OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { appendedLines } from './appended-lines.ts';
import { cluster } from './cluster.ts';
import { untilOperatorIsIdle } from './operator.ts';

const OPERATOR = `system:serviceaccount:${OPERATOR_NAMESPACE}:${OPERATOR_ACCOUNT}`;
const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

export const LEASES = 'leases';

export interface AuditedRequest {
  /** Tells processes with tokens of their own apart. */
  readonly token: string;
  readonly verb: string;
  /** With subresource, such as "registrycredentials/status". */
  readonly resource: string;
  /** Such as "patch serviceaccounts a/default", for a reader of a failed test. */
  readonly what: string;
  readonly code: number;
  /** Milliseconds since the epoch. */
  readonly received: number;
  /** Likewise. */
  readonly answered: number;
}

/** A place in the log, for `writesSince`. */
export type Mark = number;

/**
 * To be called by the test itself; skips it where the API server keeps no log that we could read. What the shared
 * operator was writing has been answered by then, and is before the mark.
 */
export async function markAuditLog(context: Mocha.Context): Promise<Mark> {
  const { auditLog } = cluster();
  if (auditLog !== undefined) {
    await untilOperatorIsIdle();
    return (await stat(auditLog)).size;
  }
  const skipReason = 'this cluster gives no audit log; a bare control plane does';
  Object.assign(context.test ?? {}, { skipReason });
  return context.skip();
}

/** Every write of the operator's ServiceAccount that was answered since, refused ones included; the Lease apart. */
export async function writesSince(mark: Mark): Promise<AuditedRequest[]> {
  return (await allWritesSince(mark)).filter(({ resource }) => resource !== LEASES);
}

/** With those of the Lease. */
export const allWritesSince = (mark: Mark): Promise<AuditedRequest[]> =>
  writesIn(cluster().auditLog ?? '', mark);

/** In the audit log of whichever cluster, those of the Lease included. */
export async function writesIn(auditLog: string, mark: Mark): Promise<AuditedRequest[]> {
  const lines = await appendedLines(auditLog, mark);
  // Most lines are of others: they are not worth parsing.
  const requests = lines.filter(line => line.includes(OPERATOR)).map(requestOf);
  return requests.filter(request => request !== undefined).filter(({ verb }) => WRITES.has(verb));
}

function requestOf(line: string): AuditedRequest | undefined {
  const { user, stage, verb, objectRef = {}, responseStatus, ...times } = JSON.parse(line);
  // An object may name the operator too, such as the request for its token.
  if (user.username !== OPERATOR || stage !== 'ResponseComplete') return undefined;
  const resource = [objectRef.resource, objectRef.subresource].filter(Boolean).join('/');
  const object = [objectRef.namespace, objectRef.name].filter(Boolean).join('/');
  return {
    token: String(user.extra?.['authentication.kubernetes.io/credential-id'] ?? ''),
    verb,
    resource,
    what: `${verb} ${resource} ${object}`,
    code: responseStatus?.code,
    received: Date.parse(times.requestReceivedTimestamp),
    answered: Date.parse(times.stageTimestamp),
  };
}
