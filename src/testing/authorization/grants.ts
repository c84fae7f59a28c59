// What an authorization server looks at before it gives a token: each kind of request as its documentation has it.

import type { IncomingMessage } from 'node:http';
import type { SubjectIssuer } from './cluster-issuer.ts';

export interface AskedForToken {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Trust {
  readonly clients: ReadonlyMap<string, string>;
  readonly issuer: SubjectIssuer;
  readonly audience: string;
  readonly robot: string;
  /** JFrog's name for the cluster. */
  readonly provider: string;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface Refusal {
  readonly status: number;
  readonly body: object;
}

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const TYPES = ['jwt', 'id_token', 'access_token'].map(type => `urn:ietf:params:oauth:token-type:${type}`);

/** As some servers do: what was sent stands in the description. */
const refused = (error: string, asked: AskedForToken, status = 400): Refusal => ({
  status,
  body: { error, error_description: `refused: ${asked.headers.authorization ?? ''} ${asked.body}` },
});

/** RFC 6749 and RFC 8693. Undefined when a token is due. */
export function refusalOfForm(asked: AskedForToken, trust: Trust): Refusal | undefined {
  if (asked.method !== 'POST') return { status: 405, body: {} };
  if (asked.headers['content-type'] !== 'application/x-www-form-urlencoded')
    return refused('invalid_request', asked);
  const fields = new URLSearchParams(asked.body);
  if (new Set(fields.keys()).size !== [...fields.keys()].length) return refused('invalid_request', asked);
  const scopes = (fields.get('scope') ?? '').split(' ').filter(Boolean);
  if (!scopes.every(scope => trust.scopes.includes(scope))) return refused('invalid_scope', asked);
  switch (fields.get('grant_type')) {
    case 'client_credentials':
      return isClient(asked, fields, trust) ? undefined : refused('invalid_client', asked, 401);
    case EXCHANGE: {
      if (!TYPES.includes(fields.get('subject_token_type') ?? '')) return refused('invalid_request', asked);
      return subjectRefusal(asked, fields.get('subject_token') ?? '', trust);
    }
    default:
      return refused('unsupported_grant_type', asked);
  }
}

/** JFrog: RFC 8693 in JSON, and with a field of its own. */
export function refusalOfJson(asked: AskedForToken, trust: Trust): Refusal | undefined {
  if (asked.method !== 'POST' || asked.headers['content-type'] !== 'application/json')
    return { status: 415, body: {} };
  const fields = JSON.parse(asked.body);
  if (fields.grant_type !== EXCHANGE || fields.subject_token_type !== TYPES[1])
    return refused('invalid_request', asked);
  if (fields.provider_name !== trust.provider)
    return { status: 404, body: { errors: [{ message: asked.body }] } };
  return subjectRefusal(asked, fields.subject_token, trust);
}

/** Quay: GET with a login, whose password is the token of the cluster. */
export function refusalOfRobot(asked: AskedForToken, trust: Trust): Refusal | undefined {
  const [user, token] = basicOf(asked);
  if (asked.method !== 'GET' || asked.body !== '') return { status: 405, body: {} };
  const problem = user === trust.robot ? problemOf(token, trust) : 'robot';
  // Its error is a sentence and no code.
  return problem === undefined ? undefined : { status: 401, body: { error: `Invalid ${problem}: ${token}` } };
}

function subjectRefusal(asked: AskedForToken, token: string, trust: Trust): Refusal | undefined {
  return problemOf(token, trust) === undefined ? undefined : refused('invalid_grant', asked);
}

const problemOf = (token: string, { issuer, audience, now }: Trust): string | undefined =>
  issuer.problem(token, audience, now());

/** RFC 6749, section 2.3.1: in one of the two places, and never in both. */
function isClient(asked: AskedForToken, fields: URLSearchParams, { clients }: Trust): boolean {
  const [id, secret] = basicOf(asked).map(part => new URLSearchParams(`p=${part}`).get('p') ?? '');
  const isInHeader = asked.headers.authorization !== undefined;
  const isInBody = fields.has('client_id') || fields.has('client_secret');
  if (isInHeader && isInBody) return false;
  if (isInHeader) return clients.get(id ?? '') === secret;
  return isInBody && clients.get(fields.get('client_id') ?? '') === fields.get('client_secret');
}

function basicOf({ headers }: AskedForToken): [user: string, password: string] {
  const [, pair = ''] = /^Basic ([\w+/]+=*)$/.exec(headers.authorization ?? '') ?? [];
  const text = Buffer.from(pair, 'base64').toString();
  const colon = text.indexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1)];
}
