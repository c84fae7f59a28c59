// Requests counted by the one witness that nobody can talk round: the API server's audit log.

import { readFile } from 'node:fs/promises';

interface AuditEvent {
  readonly verb: string;
  readonly stage: string;
  readonly user: { readonly username: string };
  readonly objectRef?: { readonly resource?: string; readonly subresource?: string };
  readonly requestReceivedTimestamp: string;
}

/** "patch secrets" -> how many, of one user, among the requests received from `from` on. */
export type RequestCounts = Record<string, number>;

export async function countRequests(auditLog: string, username: string, from: Date): Promise<RequestCounts> {
  const counts: RequestCounts = {};
  for (const line of (await readFile(auditLog, 'utf8')).split('\n')) {
    if (line === '') continue;
    const event = JSON.parse(line) as AuditEvent;
    // A watch has two stages; each request is counted at the first that is logged.
    const isFirst =
      event.verb === 'watch' ? event.stage === 'ResponseStarted' : event.stage === 'ResponseComplete';
    if (!isFirst || event.user.username !== username) continue;
    if (new Date(event.requestReceivedTimestamp) < from) continue;
    const { resource = 'none', subresource } = event.objectRef ?? {};
    const key = `${event.verb} ${resource}${subresource ? `/${subresource}` : ''}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
