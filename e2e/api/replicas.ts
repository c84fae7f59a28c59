// Two operators as processes, each with a token of its own, so that the audit log tells them apart.

import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import { type OperatorOptions, type OperatorProcess, startOperator } from '../cluster/operator-process.ts';
import type { AuditedRequest } from './audit.ts';
import { cluster } from './cluster.ts';
import { eventually } from './eventually.ts';

/** Milliseconds in which a Lease that nobody gives back must have a new holder. */
const LONGEST_HANDOVER = 25_000;

export interface Replica {
  readonly process: OperatorProcess;
  /** As the audit log names its token. */
  readonly token: string;
}

export async function startReplica(options: OperatorOptions = {}): Promise<Replica> {
  const process = await startOperator(cluster(), { secretNames: ['regcred'], ...options });
  return { process, token: await tokenIn(process.kubeconfig) };
}

/** How often it came to lead, and how often it stopped, by its own account. */
export async function turnsOf({ process }: Replica): Promise<{ acquired: number; lost: number }> {
  const count = (logs: string, message: string): number => logs.split(`"${message}"`).length - 1;
  const logs = await process.logs();
  return { acquired: count(logs, 'became the leader'), lost: count(logs, 'lost the lease') };
}

export async function isLeading(replica: Replica): Promise<boolean> {
  const { acquired, lost } = await turnsOf(replica);
  return acquired > lost;
}

export const comesToLead = (replica: Replica): Promise<void> =>
  eventually(
    'it leads',
    async () => {
      expect(await isLeading(replica)).to.equal(true);
    },
    LONGEST_HANDOVER,
  );

export const writesBy = ({ token }: Replica, writes: readonly AuditedRequest[]): AuditedRequest[] =>
  writes.filter(write => write.token === token);

/** The API server logs the id of a token, never the token. */
async function tokenIn(kubeconfig: string): Promise<string> {
  const { users } = parse(await readFile(kubeconfig, 'utf8'));
  const [, payload = ''] = users[0].user.token.split('.');
  const { jti } = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return `JTI=${jti}`;
}
