// What an authorization server answers: a token and how long it lives, or why there is none. Its words are not shown:
// it knows what was sent, and descriptions of errors quote it. Its codes are, where a standard has them.

import { endOf as endOfJwt, jwtClaims } from './jwt-claims.ts';
import type { SourceFailure } from './source.ts';
import { type FailedFetch, failed } from './source-failure.ts';

export interface TokenAnswer {
  readonly status: number;
  readonly isHtml: boolean;
  /** Milliseconds. */
  readonly retryAfter: number | undefined;
  /** Undefined when it came packed. */
  readonly body: string | undefined;
}

export interface GivenToken {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Milliseconds: of a token that says nothing of its end, neither in the answer nor in itself. */
export const ASSUMED_LIFE = 3_600_000;
/** Milliseconds: what says more is taken for a mistake in the unit. */
const LONGEST_LIFE = 10 * 365 * 86_400_000;
const LONGEST_TOKEN = 32 * 1024;

const OF_CLIENT = 'correct its Secret, or register the client at the authorization server';
const OF_SPEC = 'compare oauth in the spec with what the authorization server wants';

/** The codes of RFC 6749 (5.2, 4.1.2.1) and RFC 8693 (2.2.2): what each means here, and what to do. */
const CODES: ReadonlyMap<string, Refusal> = new Map([
  ['invalid_request', ['TokenRefused', `the request is not what it wants: ${OF_SPEC}`]],
  ['invalid_client', ['TokenRefused', `it does not know the client, or not by this secret: ${OF_CLIENT}`]],
  [
    'invalid_grant',
    [
      'TokenRefused',
      "it does not take what it was shown: let it trust the cluster's issuer, this audience and the operator's subject, and compare its clock with this node's",
    ],
  ],
  [
    'unauthorized_client',
    [
      'TokenRefused',
      'the client may not get a token in this way: allow it the grant at the authorization server',
    ],
  ],
  [
    'unsupported_grant_type',
    ['TokenRefused', 'it gives no token in this way: use another one, or enable the grant there'],
  ],
  ['invalid_scope', ['TokenRefused', 'it does not give the scope: correct oauth.scope, or allow it there']],
  [
    'invalid_target',
    [
      'TokenRefused',
      'it gives no token for that audience or resource: correct oauth.parameters, or allow it there',
    ],
  ],
  ['access_denied', ['TokenRefused', 'it denies the token: allow it there']],
  ['server_error', ['TokenUnavailable', 'it has an error of its own: it is tried again']],
  ['temporarily_unavailable', ['TokenUnavailable', 'it is away for a while: it is tried again']],
  ['slow_down', ['TokenUnavailable', 'it was asked too often: it is tried again']],
]);

/** `host` is whom it comes from, `askedAt` milliseconds since the epoch: lives are counted from then. */
export function readAnswer(answer: TokenAnswer, host: string, askedAt: number): GivenToken | FailedFetch {
  const fields = fieldsOf(answer.body);
  const given = fields === undefined ? undefined : tokenIn(fields);
  const [reason, message] = refusalIn(answer, fields) ?? tokenProblem(given, fields, askedAt) ?? [];
  if (reason !== undefined && message !== undefined) {
    const { retryAfter } = answer;
    const failure = failed(reason, `could not get a token from ${host}: ${message}`);
    return retryAfter === undefined ? failure : { ...failure, retryAfter };
  }
  return { token: given ?? '', expiresAt: endOf(given ?? '', fields?.expires_in, askedAt) };
}

type Refusal = readonly [SourceFailure, message: string];
type Fields = Readonly<Record<string, unknown>>;

/** Undefined when it should be a token. */
function refusalIn({ status, isHtml }: TokenAnswer, fields: Fields | undefined): Refusal | undefined {
  if (status === 429) return ['TokenUnavailable', 'it was asked too often (429): it is tried again'];
  if (status >= 500) return ['TokenUnavailable', `it has an error of its own (${status}): it is tried again`];
  if (status >= 300 && status < 400) {
    const message = `it redirects (${status}), and nothing is sent after a redirect: name the URL that it redirects to`;
    return ['TokenUnavailable', message];
  }
  if (isHtml) {
    const message = `it answers with a web page (${status}): correct oauth.tokenEndpoint, or see what stands before it`;
    return ['TokenUnavailable', message];
  }
  const code = typeof fields?.error === 'string' ? fields.error : '';
  const known = CODES.get(code);
  if (known !== undefined) return [known[0], `${known[1]} (${code})`];
  if (status === 401 || status === 403)
    return ['TokenRefused', `it refuses (${status}): ${OF_CLIENT}, or let it trust the operator's identity`];
  if (status === 404 || status === 405)
    return ['TokenUnavailable', `there is no token endpoint (${status}): correct oauth.tokenEndpoint`];
  const isWell = status >= 200 && status < 300 && code === '';
  return isWell ? undefined : ['TokenRefused', `it does not take the request (${status}): ${OF_SPEC}`];
}

function tokenProblem(
  token: string | undefined,
  fields: Fields | undefined,
  askedAt: number,
): Refusal | undefined {
  if (token === undefined) {
    const message = 'it gives no token that can be read: see whether oauth.tokenEndpoint is one';
    return ['TokenUnavailable', message];
  }
  if (endOf(token, fields?.expires_in, askedAt) > askedAt) return undefined;
  return ['TokenUnavailable', "it gives a token that has ended already: compare its clock with this node's"];
}

function fieldsOf(body: string | undefined): Fields | undefined {
  try {
    const value: unknown = JSON.parse(body ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : undefined;
  } catch {
    // The error would quote it.
    return undefined;
  }
}

/** Quay has it in `token`. Undefined for what cannot stand in a header. */
function tokenIn({ access_token, token }: Fields): string | undefined {
  const found = access_token ?? token;
  return typeof found === 'string' && found.length <= LONGEST_TOKEN && /^[!-~]+$/.test(found)
    ? found
    : undefined;
}

/** The life that is told counts by our clock, and so goes before the end that the token itself has. */
function endOf(token: string, expiresIn: unknown, askedAt: number): number {
  const seconds = secondsOf(expiresIn);
  if (seconds !== undefined) return askedAt + Math.min(seconds * 1000, LONGEST_LIFE);
  return Math.min(endOfJwt(jwtClaims(token), askedAt) ?? askedAt + ASSUMED_LIFE, askedAt + LONGEST_LIFE);
}

/** Some write it as a string. */
function secondsOf(value: unknown): number | undefined {
  if (typeof value === 'string' && /^\d{1,12}$/.test(value)) return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? Math.floor(value) : undefined;
}
