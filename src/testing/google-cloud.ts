// Google's token services as they are documented: they look at what Google would look at, and give tokens that name
// what they are good for. oauth2: RFC 7523 with the key of a service account. sts: RFC 8693. iamcredentials:
// generateAccessToken. And the metadata server of a machine or of GKE.

import { generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import type { ClusterIssuer } from './authorization/cluster-issuer.ts';
import { type CloudReply, type CloudRequest, json } from './cloud-rig.ts';

/** Seconds by which Google lets clocks differ. */
const SKEW = 300;
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

export const PROVIDER =
  '//iam.googleapis.com/projects/123456/locations/global/workloadIdentityPools/regcred/providers/cluster';
export const AUDIENCE = `https:${PROVIDER}`;
export const ACCOUNT = 'puller@project.iam.gserviceaccount.com';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** As `gcloud iam service-accounts keys create` writes it. */
export const KEY_FILE = {
  type: 'service_account',
  project_id: 'project',
  private_key_id: '0123456789abcdef',
  private_key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  client_email: ACCOUNT,
  client_id: '123456789',
  token_uri: 'https://oauth2.googleapis.com/token',
  universe_domain: 'googleapis.com',
};

/** As `gcloud iam workload-identity-pools create-cred-config` writes it. */
export const federationFile = (file: string, account?: string) => ({
  universe_domain: 'googleapis.com',
  type: 'external_account',
  audience: PROVIDER,
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  token_url: 'https://sts.googleapis.com/v1/token',
  credential_source: { file, format: { type: 'text' } },
  ...(account === undefined
    ? {}
    : {
        service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
      }),
});

export class GoogleCloud {
  /** Seconds. */
  lifetime = 3599;
  /** Milliseconds by which its clock goes before ours. */
  ahead = 0;
  /** Given out, by token: what it is good for. */
  readonly given = new Map<string, string>();
  readonly #issuer: ClusterIssuer | undefined;
  readonly #key: KeyObject;

  constructor(issuer?: ClusterIssuer, key = keys.publicKey) {
    this.#issuer = issuer;
    this.#key = key;
  }

  readonly answer = (request: CloudRequest): CloudReply => {
    switch (`${request.method} ${request.host}${request.url.pathname}`) {
      case 'POST oauth2.googleapis.com/token':
        return this.#byKey(request);
      case 'POST sts.googleapis.com/v1/token':
        return this.#byExchange(request);
      case `POST iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`:
        return this.#impersonated(request);
      case `GET ${request.host}/computeMetadata/v1/instance/service-accounts/default/token`:
        return this.#ofMetadata(request);
      default:
        return json(404, { error: { code: 404, status: 'NOT_FOUND' } });
    }
  };

  #byKey({ form }: CloudRequest): CloudReply {
    if (form.get('grant_type') !== JWT_BEARER) return json(400, { error: 'unsupported_grant_type' });
    const [header = '', payload = '', signature = ''] = (form.get('assertion') ?? '').split('.');
    const signed = Buffer.from(`${header}.${payload}`);
    if (!verify('RSA-SHA256', signed, this.#key, Buffer.from(signature, 'base64url')))
      return refusal('Invalid JWT Signature.');
    const { iss, aud, scope, iat, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const now = (Date.now() + this.ahead) / 1000;
    if (iss !== ACCOUNT) return refusal('Invalid grant: account not found');
    if (aud !== 'https://oauth2.googleapis.com/token') return refusal('Invalid JWT: Failed audience check.');
    if (iat > now + SKEW || exp < now - SKEW || exp - iat > 3600)
      return refusal(
        'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
      );
    return json(200, { ...this.#token(`${ACCOUNT} ${scope}`), token_type: 'Bearer' });
  }

  #byExchange({ form }: CloudRequest): CloudReply {
    if (form.get('grant_type') !== EXCHANGE || form.get('requested_token_type') !== ACCESS_TOKEN)
      return json(400, { error: 'invalid_request', error_description: 'Invalid grant_type' });
    if (form.get('audience') !== PROVIDER)
      return json(400, { error: 'invalid_target', error_description: 'The target service indicated…' });
    const token = form.get('subject_token') ?? '';
    const problem = this.#issuer?.problem(token, AUDIENCE, Date.now() + this.ahead);
    if (problem !== undefined)
      return json(400, { error: 'invalid_grant', error_description: `ID Token ${token}: ${problem}` });
    const given = this.#token(`federated ${form.get('scope')}`);
    return json(200, { ...given, issued_token_type: ACCESS_TOKEN, token_type: 'Bearer' });
  }

  #impersonated({ headers, body }: CloudRequest): CloudReply {
    const bearer = (headers.authorization ?? '').replace('Bearer ', '');
    if (this.given.get(bearer) !== 'federated https://www.googleapis.com/auth/cloud-platform')
      return json(403, { error: { code: 403, status: 'PERMISSION_DENIED', message: `of ${bearer}` } });
    const { access_token: accessToken } = this.#token(`${ACCOUNT} ${JSON.parse(body).scope}`);
    const expireTime = new Date(Date.now() + this.lifetime * 1000).toISOString();
    return json(200, { accessToken, expireTime });
  }

  #ofMetadata({ headers, url }: CloudRequest): CloudReply {
    const flavour = { 'metadata-flavor': 'Google' };
    if (headers['metadata-flavor'] !== 'Google') return json(403, {}, flavour);
    return json(200, this.#token(`attached ${url.searchParams.get('scopes')}`), flavour);
  }

  #token(purpose: string): { access_token: string; expires_in: number } {
    const token = `ya29.not-a-real-token-${this.given.size}`;
    this.given.set(token, purpose);
    return { access_token: token, expires_in: this.lifetime };
  }
}

const refusal = (description: string): CloudReply =>
  json(400, { error: 'invalid_grant', error_description: description });
