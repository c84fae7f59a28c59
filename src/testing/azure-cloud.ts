// Azure's token services as they are documented: they look at what Azure would look at. Entra: client credentials with
// a secret or a federated assertion. The identity endpoint of a node. And a registry that exchanges a token of Entra
// for one of its own.

import { randomUUID } from 'node:crypto';
import type { ClusterIssuer } from './authorization/cluster-issuer.ts';
import { type CloudReply, type CloudRequest, json } from './cloud-rig.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const SCOPE = 'https://containerregistry.azure.net/.default';
const AUTHORITIES = [
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
];

export const AUDIENCE = 'api://AzureADTokenExchange';
export const TENANT = '11111111-2222-3333-4444-555555555555';
export const CLIENT = '66666666-7777-8888-9999-000000000000';
export const CLIENT_SECRET = 'not~a-real.secret-of-an-application';
export const REGISTRY = 'registry.azurecr.io';

export class AzureCloud {
  /** Seconds that a login of the registry lives. */
  lifetime = 3 * 3600;
  /** Milliseconds by which its clock goes before ours. */
  ahead = 0;
  /** Client IDs that the registry lets pull. */
  readonly pullers = new Set([CLIENT, 'node']);
  /** Tokens of Entra, by token: whose. */
  readonly entra = new Map<string, string>();
  /** Logins of the registry. */
  readonly given = new Set<string>();
  readonly #issuer: ClusterIssuer;

  constructor(issuer: ClusterIssuer) {
    this.#issuer = issuer;
  }

  readonly answer = (request: CloudRequest): CloudReply => {
    const { method, host, url } = request;
    const [, tenant] = /^\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(url.pathname) ?? [];
    if (method === 'POST' && AUTHORITIES.includes(host) && tenant !== undefined)
      return this.#ofEntra(tenant, request);
    if (method === 'GET' && url.pathname === '/metadata/identity/oauth2/token') return this.#ofNode(request);
    if (method === 'POST' && /\.azurecr\.(io|us|cn)$/.test(host) && url.pathname === '/oauth2/exchange')
      return this.#exchanged(request);
    return json(404, {});
  };

  #ofEntra(tenant: string, { form }: CloudRequest): CloudReply {
    if (tenant !== TENANT) return refusal('invalid_request', 90002, form);
    if (form.get('client_id') !== CLIENT) return refusal('unauthorized_client', 700016, form);
    if (form.get('grant_type') !== 'client_credentials')
      return refusal('unsupported_grant_type', 70003, form);
    // MSAL adds what every client asks for.
    if (!(form.get('scope') ?? '').split(' ').includes(SCOPE)) return refusal('invalid_scope', 70011, form);
    const problem = form.has('client_assertion') ? this.#assertionProblem(form) : secretProblem(form);
    if (problem !== undefined) return refusal('invalid_client', problem, form);
    return json(200, { token_type: 'Bearer', expires_in: 3599, access_token: this.#entraToken(CLIENT) });
  }

  #assertionProblem(form: URLSearchParams): number | undefined {
    if (form.get('client_assertion_type') !== ASSERTION_TYPE) return 50027;
    const assertion = form.get('client_assertion') ?? '';
    const problem = this.#issuer.problem(assertion, AUDIENCE, Date.now() + this.ahead);
    return problem === undefined ? undefined : PROBLEMS[problem];
  }

  #ofNode({ headers, url }: CloudRequest): CloudReply {
    if (headers.metadata !== 'true') return json(400, { error: 'invalid_request' });
    if (url.searchParams.get('resource') !== 'https://containerregistry.azure.net')
      return json(400, { error: 'invalid_resource' });
    const token = this.#entraToken(url.searchParams.get('client_id') ?? 'node');
    const expiresOn = String(Math.floor(Date.now() / 1000) + 86_399);
    return json(200, { access_token: token, expires_on: expiresOn, token_type: 'Bearer' });
  }

  #exchanged({ form, host }: CloudRequest): CloudReply {
    const whose = this.entra.get(form.get('access_token') ?? '');
    const isMeant = form.get('grant_type') === 'access_token' && form.get('service') === host;
    const isOfTenant = [null, TENANT].includes(form.get('tenant'));
    if (!isMeant || !isOfTenant || whose === undefined || !this.pullers.has(whose))
      return json(401, { errors: [{ code: 'UNAUTHORIZED', message: `of ${form}` }] });
    const exp = Math.floor((Date.now() + this.ahead) / 1000) + this.lifetime;
    const token = jwt({ aud: host, iat: exp - this.lifetime, exp, grant_type: 'refresh_token' });
    this.given.add(token);
    return json(200, { refresh_token: token });
  }

  #entraToken(whose: string): string {
    const token = jwt({ aud: 'https://containerregistry.azure.net', tid: TENANT, appid: whose });
    this.entra.set(token, whose);
    return token;
  }
}

/** What Entra says of an assertion, by what ClusterIssuer says of it. */
const PROBLEMS: Readonly<Record<string, number>> = {
  signature: 50027,
  issuer: 700211,
  audience: 700212,
  subject: 700213,
  expired: 700024,
};

const secretProblem = (form: URLSearchParams): number | undefined =>
  form.get('client_secret') === CLIENT_SECRET ? undefined : 7000215;

/** Entra's descriptions quote a good deal. */
export const refusal = (error: string, code: number, form: URLSearchParams): CloudReply =>
  json(code === 90002 ? 400 : 401, {
    error,
    error_description: `AADSTS${code}: ${form}`,
    error_codes: [code],
    trace_id: randomUUID(),
  });

/** Nobody but who made it looks at its signature. */
const jwt = (claims: object): string =>
  [{ alg: 'RS256', typ: 'JWT' }, { ...claims, jti: randomUUID() }, { signed: 'not-really' }]
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
