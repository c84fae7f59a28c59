// Speaks to the API server with a token of a ServiceAccount of the operator's and nothing else, verb by verb:
// kubectl would read before it writes, and the operator's own client would hide what was sent.

import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { OPERATOR_ACCOUNT, OPERATOR_NAMESPACE } from '../cluster/installation.ts';
import { kubectl } from './kubectl.ts';

export const MERGE_PATCH = 'application/merge-patch+json';
export const APPLY_PATCH = 'application/apply-patch+yaml';

/** How the two walls answer: which one refused is part of what is tested. */
export const BY_POLICY = /ValidatingAdmissionPolicy 'regcred-[a-z-]+' with binding .* denied request/;
export const BY_RBAC = / cannot [a-z]+ resource /;

export interface Answer {
  readonly status: number;
  /** Of a Status object; empty otherwise. */
  readonly message: string;
  /** Absent for a watch, which is let go as soon as it is granted. */
  // biome-ignore lint/suspicious/noExplicitAny: an object of whatever kind was asked for
  readonly body: any;
}

export interface Ask {
  readonly body?: object;
  readonly contentType?: string;
  /** Further ones. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type OperatorIdentity = (method: string, path: string, ask?: Ask) => Promise<Answer>;

/** The token lives for ten minutes and is nowhere but in memory. @param account in the operator's namespace */
export async function operatorIdentity(account = OPERATOR_ACCOUNT): Promise<OperatorIdentity> {
  const view = JSON.parse(await kubectl(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']));
  const { cluster } = view.clusters[0];
  const create = ['-n', OPERATOR_NAMESPACE, 'create', 'token', account, '--duration=10m'];
  const token = (await kubectl(create)).trim();
  const tls = {
    ca: cluster['certificate-authority-data']
      ? Buffer.from(cluster['certificate-authority-data'], 'base64')
      : undefined,
    rejectUnauthorized: cluster['insecure-skip-tls-verify'] !== true,
    ...(cluster['tls-server-name'] ? { servername: cluster['tls-server-name'] } : {}),
  };
  return (method, path, { body, contentType = 'application/json', headers: further = {} } = {}) =>
    new Promise((resolve, reject) => {
      const payload = body ? JSON.stringify(body) : '';
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': contentType,
        // Node sends the body of a DELETE without it, and the server takes it for the next request.
        'content-length': Buffer.byteLength(payload),
        ...further,
      };
      const request = httpsRequest(new URL(path, cluster.server), { ...tls, method, headers }, response => {
        const status = response.statusCode ?? 0;
        if (status === 200 && path.includes('watch=true')) {
          response.destroy();
          resolve({ status, message: '', body: undefined });
          return;
        }
        text(response).then(content => resolve(answer(status, content)), reject);
      });
      request.on('error', reject);
      request.end(payload);
    });
}

export function expectRefused(answer: Answer, by: RegExp, why: RegExp = /./): void {
  expect(answer.message).to.match(by);
  expect(answer.message).to.match(why);
  expect(answer.status).to.equal(403);
}

function answer(status: number, content: string): Answer {
  const body = JSON.parse(content);
  return { status, message: body.kind === 'Status' ? (body.message ?? '') : '', body };
}
