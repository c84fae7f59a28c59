// The vocabulary of the script: requests that read as sentences, and the few objects
// that they are about.

import {
  DOCKER_CONFIG_KEY,
  DOCKER_CONFIG_TYPE,
  GROUP,
  KIND,
  MANAGED_BY_LABEL,
  PLURAL,
  VERSION,
} from '../../api/names.ts';
import type { KubeObject, KubeRequest } from '../../kube/kube-client.ts';

export interface ScriptedRequest extends KubeRequest {
  /** Otherwise somebody who may do anything. */
  readonly as?: 'operator';
}

/** The object in the latest answer that held one. */
export type Step = readonly [
  says: string,
  request: (last: KubeObject) => ScriptedRequest,
  /** Status code, then the reason of a refusal. */
  answers: string,
];

export const NAMESPACE = 'scripted';
export const CREDENTIAL = 'scripted';
export const NAMESPACES = '/api/v1/namespaces';
export const SECRETS = `${NAMESPACES}/${NAMESPACE}/secrets`;
export const ACCOUNTS = `${NAMESPACES}/${NAMESPACE}/serviceaccounts`;
export const CREDENTIALS = `/apis/${GROUP}/${VERSION}/${PLURAL}`;
export const SECRET = `${SECRETS}/regcred`;
export const NOBODY = '00000000-0000-0000-0000-000000000000';
export const OURS = { labels: { [MANAGED_BY_LABEL]: 'regcred' } };

export const dockerConfig = (server: string) => ({
  [DOCKER_CONFIG_KEY]: Buffer.from(`{"auths":{"${server}":{"auth":"dTpw"}}}`).toString('base64'),
});
export const A = { type: DOCKER_CONFIG_TYPE, data: dockerConfig('a.example') };
export const B = { type: DOCKER_CONFIG_TYPE, data: dockerConfig('b.example') };

export const get = (path: string): KubeRequest => ({ method: 'GET', path });
export const post = (path: string, body: object, manager = 'alice'): KubeRequest => ({
  method: 'POST',
  path,
  query: { fieldManager: manager },
  body,
});
export const put = (path: string, body: object): KubeRequest => ({
  method: 'PUT',
  path,
  query: { fieldManager: 'bob' },
  body,
});
export const merge = (path: string, manager: string, body: object): KubeRequest => ({
  method: 'PATCH',
  path,
  query: { fieldManager: manager },
  body,
  contentType: 'application/merge-patch+json',
});
export const json = (path: string, manager: string, ...body: object[]): KubeRequest => ({
  ...merge(path, manager, body),
  contentType: 'application/json-patch+json',
});
export const remove = (path: string, preconditions?: object): KubeRequest => ({
  method: 'DELETE',
  path,
  ...(preconditions && { body: { preconditions } }),
});
export const byOperator = (request: KubeRequest): ScriptedRequest => ({ ...request, as: 'operator' });
const kinds: Record<string, [string, string]> = {
  secrets: ['v1', 'Secret'],
  serviceaccounts: ['v1', 'ServiceAccount'],
  [PLURAL]: [`${GROUP}/${VERSION}`, KIND],
};

export interface Applied {
  readonly metadata?: object;
  readonly [field: string]: unknown;
}

export function apply(path: string, manager: string, body: Applied, force = false): KubeRequest {
  const [plural = '', name] = path.replace('/status', '').split('/').slice(-2);
  const [apiVersion, kind] = kinds[plural] ?? [];
  return {
    method: 'PATCH',
    path,
    query: { fieldManager: manager, ...(force && { force: 'true' }) },
    body: { apiVersion, kind, ...body, metadata: { name, ...body.metadata } },
    contentType: 'application/apply-patch+yaml',
  };
}
export const forced = (path: string, manager: string, body: Applied) => apply(path, manager, body, true);
