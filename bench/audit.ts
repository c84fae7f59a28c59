// Requests counted by the one witness that nobody can talk round: the API server's audit log.

import { readFile } from 'node:fs/promises';
import { OPERATOR_ACCOUNT, OPERATOR_NAMESPACE } from '../e2e/cluster/installation.ts';

export const OPERATOR = `system:serviceaccount:${OPERATOR_NAMESPACE}:${OPERATOR_ACCOUNT}`;
/** Of the benchmark itself. */
export const ADMIN = 'admin';
const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
/** What is written in the namespaces. */
const SERVED: ReadonlySet<string> = new Set(['secrets', 'serviceaccounts']);

export interface AuditedRequest {
  readonly verb: string;
  /** With subresource, such as "registrycredentials/status". */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly code: number;
  /** Milliseconds since the epoch, both. */
  readonly received: number;
  readonly answered: number;
}

interface AuditEvent {
  readonly verb: string;
  readonly stage: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

/**
 * Those received from `from` on (milliseconds since the epoch), in the order of their answers. The operator's identity
 * is the floor's, too.
 */
export async function requestsSince(
  auditLog: string,
  from: number,
  username = OPERATOR,
): Promise<AuditedRequest[]> {
  const lines = (await readFile(auditLog, 'utf8')).split('\n');
  return lines
    .filter(line => line.includes(username))
    .map(line => requestOf(line, username))
    .filter(request => request !== undefined)
    .filter(({ received }) => received >= from);
}

function requestOf(line: string, username: string): AuditedRequest | undefined {
  const event = JSON.parse(line) as AuditEvent;
  // A watch has two stages; each request is counted at the first that is logged.
  const stage = event.verb === 'watch' ? 'ResponseStarted' : 'ResponseComplete';
  if (event.stage !== stage || event.user.username !== username) return undefined;
  const { resource = 'none', subresource, namespace = '', name = '' } = event.objectRef ?? {};
  return {
    verb: event.verb,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    namespace,
    name,
    code: event.responseStatus?.code ?? 0,
    received: timeOf(event.requestReceivedTimestamp),
    answered: timeOf(event.stageTimestamp),
  };
}

/** RFC 3339 with microseconds, which Date drops. */
const timeOf = (text: string): number =>
  Date.parse(`${text.slice(0, 23)}Z`) + Number(text.slice(23, 26)) / 1000;

/** "patch secrets" -> how many. */
export type RequestCounts = Record<string, number>;

export function countsOf(requests: readonly AuditedRequest[]): RequestCounts {
  const counts: RequestCounts = {};
  for (const { verb, resource } of requests) {
    const key = `${verb} ${resource}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

export const isWrite = ({ verb }: AuditedRequest): boolean => WRITES.has(verb);

/** Of a Secret or a ServiceAccount out there; status, finalizer, Lease, Events and what is kept at home are apart. */
export const isServing = (request: AuditedRequest): boolean =>
  isWrite(request) && SERVED.has(request.resource) && request.namespace !== OPERATOR_NAMESPACE;

/** It changed something: what is refused is asked for again. */
export const isDone = ({ code }: AuditedRequest): boolean => code < 300;

/** The most within any one second. */
export function mostASecond(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  let [most, first] = [0, 0];
  for (const [index, time] of sorted.entries()) {
    while (time - (sorted[first] ?? time) >= 1000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
