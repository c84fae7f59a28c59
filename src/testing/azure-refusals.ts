// What Azure can say in place of a login, and what is to be said of it.

import type { SourceFailure } from '../sources/source.ts';
import { REGISTRY, refusal } from './azure-cloud.ts';
import { type CloudReply, HTML_PAGE, json, type Service } from './cloud-rig.ts';

export type Way = 'secret' | 'workload' | 'managed';

export interface Refusal {
  readonly way: Way;
  readonly host: string;
  readonly says: CloudReply | Service;
  readonly reason: SourceFailure;
  readonly message: RegExp;
  /** Milliseconds. */
  readonly retryAfter?: number;
}

const ENTRA = 'login.microsoftonline.com';
const NODE = '169.254.169.254';

/** Entra quotes what it was sent. */
const refuses =
  (code: number): Service =>
  ({ form }) =>
    refusal('invalid_client', code, form);

const REFUSED = { reason: 'TokenRefused' } as const;
const AWAY = { reason: 'TokenUnavailable' } as const;
const bySecret = { way: 'secret', host: ENTRA, ...REFUSED } as const;
const byWorkload = { way: 'workload', host: ENTRA, ...REFUSED } as const;
const byNode = { way: 'managed', host: NODE } as const;
const byRegistry = { way: 'secret', host: REGISTRY } as const;

export const AZURE_REFUSALS: Readonly<Record<string, Refusal>> = {
  'a client secret that has expired': {
    ...bySecret,
    says: refuses(7000222),
    message: /expired: make a new client secret.*\(AADSTS7000222\)/,
  },
  'an application that is disabled': {
    ...bySecret,
    says: refuses(7000112),
    message: /application is disabled/,
  },
  'a policy of conditional access': { ...bySecret, says: refuses(53003), message: /conditional access/ },
  'a number that is not known': {
    ...bySecret,
    says: refuses(4711),
    message: /it refuses \(AADSTS4711\): see what .*reference-error-codes/,
  },
  'a refusal without a number': { ...bySecret, says: json(401, {}), message: /it refuses \(401\)/ },
  'a federated credential for another subject': {
    ...byWorkload,
    says: refuses(700213),
    message: /subject of the operator's token: give the application a federated credential/,
  },
  'too many requests to Entra': {
    ...bySecret,
    ...AWAY,
    says: json(429, { error: 'temporarily_unavailable' }, { 'retry-after': '60' }),
    message: /asked too often/,
    retryAfter: 60_000,
  },
  'an outage of Entra': {
    ...byWorkload,
    ...AWAY,
    says: { status: 503, body: 'oops' },
    message: /an error of its own \(503\)/,
  },
  'the login page of a network': { ...bySecret, ...AWAY, says: HTML_PAGE, message: /a web page came/ },
  'a redirect of Entra, which is not followed': {
    ...bySecret,
    ...AWAY,
    says: { status: 307, headers: { location: `https://${ENTRA}/elsewhere` }, body: '' },
    message: /it redirects \(307\)/,
  },
  'an answer of Entra without a token': {
    ...bySecret,
    ...AWAY,
    says: json(200, { token_type: 'Bearer', expires_in: 3599 }),
    message: /no token that can be read/,
  },
  'a node without that managed identity': {
    ...byNode,
    ...REFUSED,
    says: json(400, { error: 'invalid_request', error_description: 'Identity not found' }),
    message: /no such managed identity \(400\): assign it/,
  },
  'a managed identity that is being assigned': {
    ...byNode,
    ...AWAY,
    says: json(404, { error: 'not_found' }),
    message: /not ready \(404\)/,
  },
  'a node whose identity endpoint is asked too often': {
    ...byNode,
    ...AWAY,
    says: json(429, { error: 'throttled' }, { 'retry-after': '5' }),
    message: /asked too often/,
    retryAfter: 5_000,
  },
  'a node that keeps pods from its identity': {
    ...byNode,
    ...REFUSED,
    says: json(403, { error: 'forbidden' }),
    message: /whether pods of this node may use/,
  },
  'a registry on which the identity may nothing': {
    ...byRegistry,
    ...REFUSED,
    says: ({ body }) => json(401, { errors: [{ code: 'UNAUTHORIZED', message: body }] }),
    message: /registry\.azurecr\.io: it does not let the identity in \(401\): grant it AcrPull/,
  },
  'a registry whose network rules keep the operator out': {
    ...byRegistry,
    ...REFUSED,
    says: json(403, {
      errors: [{ code: 'DENIED', message: "client with IP '192.0.2.1' is not allowed access." }],
    }),
    message: /network rules keep the operator out \(403\)/,
  },
  'a registry that is not there': {
    ...byRegistry,
    ...REFUSED,
    says: json(404, {}),
    message: /no such registry/,
  },
  'a registry that throttles': {
    ...byRegistry,
    ...AWAY,
    says: json(429, { errors: [{ code: 'TOOMANYREQUESTS' }] }, { 'retry-after': '30' }),
    message: /asked too often/,
    retryAfter: 30_000,
  },
  'a registry that answers with a web page': {
    ...byRegistry,
    ...AWAY,
    says: HTML_PAGE,
    message: /a web page came/,
  },
  'a registry whose token says nothing of its end': {
    ...byRegistry,
    ...AWAY,
    says: json(200, { refresh_token: 'fake' }),
    message: /no token that can be read/,
  },
};
