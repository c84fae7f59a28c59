// What Google can say in place of a token, and what is to be said of it.

import type { SourceFailure } from '../sources/source.ts';
import { type CloudReply, HTML_PAGE, json, type Service } from './cloud-rig.ts';

export type Way = 'key' | 'federation' | 'impersonation' | 'metadata';

export interface Refusal {
  readonly way: Way;
  readonly host: string;
  readonly says: CloudReply | Service;
  readonly reason: SourceFailure;
  readonly message: RegExp;
  /** Milliseconds. */
  readonly retryAfter?: number;
}

const OAUTH = 'oauth2.googleapis.com';
const STS = 'sts.googleapis.com';
const IAM = 'iamcredentials.googleapis.com';
const METADATA = '169.254.169.254';
const flavour = { 'metadata-flavor': 'Google' };

/** A refusal that quotes all that it was sent. */
const refuses =
  (error: string, description = ''): Service =>
  ({ body, headers }) =>
    json(400, { error, error_description: `${description} ${body} ${JSON.stringify(headers)}` });

export const GOOGLE_REFUSALS: Readonly<Record<string, Refusal>> = {
  'a key that was deleted': {
    way: 'key',
    host: OAUTH,
    says: refuses('invalid_grant', 'Invalid JWT Signature.'),
    reason: 'TokenRefused',
    message: /key is not one of the service account.*make a new key/,
  },
  'a service account that is gone': {
    way: 'key',
    host: OAUTH,
    says: refuses('invalid_grant', 'Invalid grant: account not found'),
    reason: 'TokenRefused',
    message: /no such service account/,
  },
  'a service account that may have no token': {
    way: 'key',
    host: OAUTH,
    says: refuses('unauthorized_client'),
    reason: 'TokenRefused',
    message: /unauthorized_client/,
  },
  'a refusal without a word that is known': {
    way: 'key',
    host: OAUTH,
    says: refuses('out_of_tea'),
    reason: 'TokenRefused',
    message: /it refuses \(400\): see/,
  },
  'too many requests': {
    way: 'key',
    host: OAUTH,
    says: json(429, { error: 'rate_limited' }, { 'retry-after': '90' }),
    reason: 'TokenUnavailable',
    message: /asked too often/,
    retryAfter: 90_000,
  },
  'an outage': {
    way: 'federation',
    host: STS,
    says: { status: 503, headers: { 'retry-after': '999999' }, body: 'oops' },
    reason: 'TokenUnavailable',
    message: /an error of its own \(503\)/,
    retryAfter: 3_600_000,
  },
  'the login page of a network': {
    way: 'key',
    host: OAUTH,
    says: HTML_PAGE,
    reason: 'TokenUnavailable',
    message: /a web page came/,
  },
  'a web page that calls itself JSON': {
    way: 'federation',
    host: STS,
    says: { ...HTML_PAGE, headers: { 'content-type': 'application/json' }, status: 403 },
    reason: 'TokenUnavailable',
    message: /a web page came/,
  },
  'a redirect, which is not followed': {
    way: 'key',
    host: OAUTH,
    says: { status: 307, headers: { location: 'https://thief.example.com/' }, body: '' },
    reason: 'TokenUnavailable',
    message: /it redirects \(307\)/,
  },
  'an answer without a token': {
    way: 'key',
    host: OAUTH,
    says: json(200, { expires_in: 3599 }),
    reason: 'TokenUnavailable',
    message: /no token that can be read/,
  },
  'a token that no header can hold': {
    way: 'key',
    host: OAUTH,
    says: json(200, { access_token: 'ya29 fake\n', expires_in: 3599 }),
    reason: 'TokenUnavailable',
    message: /no token that can be read/,
  },
  'a token that has ended': {
    way: 'key',
    host: OAUTH,
    says: json(200, { access_token: 'ya29.fake', expires_in: -60 }),
    reason: 'TokenUnavailable',
    message: /ended already: compare the clock/,
  },
  'a provider that does not know the issuer': {
    way: 'federation',
    host: STS,
    says: refuses('invalid_request'),
    reason: 'TokenRefused',
    message: /whether the issuer and its keys/,
  },
  'a provider that is gone': {
    way: 'federation',
    host: STS,
    says: refuses('invalid_target'),
    reason: 'TokenRefused',
    message: /no such provider or pool/,
  },
  'a condition of the provider': {
    way: 'federation',
    host: STS,
    says: refuses('unauthorized_client'),
    reason: 'TokenRefused',
    message: /attribute-condition/,
  },
  'a service account that it may not act as': {
    way: 'impersonation',
    host: IAM,
    says: ({ headers }) =>
      json(403, { error: { code: 403, status: 'PERMISSION_DENIED', message: headers.authorization } }),
    reason: 'TokenRefused',
    message: /roles\/iam\.workloadIdentityUser/,
  },
  'a service account to act as that is gone': {
    way: 'impersonation',
    host: IAM,
    says: json(404, { error: { code: 404, status: 'NOT_FOUND' } }),
    reason: 'TokenRefused',
    message: /service_account_impersonation_url/,
  },
  'no service account at the metadata server': {
    way: 'metadata',
    host: METADATA,
    says: { status: 404, headers: flavour, body: 'not found' },
    reason: 'TokenRefused',
    message: /set up workload identity/,
  },
  'a ServiceAccount that is not bound': {
    way: 'metadata',
    host: METADATA,
    says: { status: 403, headers: flavour, body: 'Permission iam.serviceAccounts.getAccessToken denied' },
    reason: 'TokenRefused',
    message: /grant it roles\/iam\.workloadIdentityUser/,
  },
  'something else where the metadata server would be': {
    way: 'metadata',
    host: METADATA,
    says: json(200, { access_token: 'ya29.fake', expires_in: 3599 }),
    reason: 'TokenUnavailable',
    message: /no metadata server of Google/,
  },
};
