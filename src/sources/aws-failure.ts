// What AWS refuses, and why it could not be asked. Its words are not shown: they quote what was sent. Its codes are, where
// we know them, for each has one meaning and one cure.

import { TooLongError } from '../net/answer-text.ts';
import { failureCode, failureWords, isOfCertificate } from '../net/failure-code.ts';
import { isTimeout } from '../net/timeout-error.ts';
import type { SourceFailure } from './source.ts';
import { type FailedFetch, failed } from './source-failure.ts';

/** One thing that AWS is asked for. */
export interface Step {
  /** Such as "take on the role arn:…". */
  readonly what: string;
  /** What to do when it is denied. */
  readonly denied: string;
  /** What to do when the identity is not good: "correct the keys in Secret …". */
  readonly cure: string;
}

type Verdict = readonly [SourceFailure, cause: string];

/** Milliseconds for which AWS is left alone when it throttles and does not say for how long. */
const REST = 30_000;
/** Milliseconds: who asks for more is asked all the same. */
const LONGEST_REST = 3_600_000;

const CLOCK: Verdict = [
  'TokenUnavailable',
  "the clock of the operator's node is not AWS' time: set it, such as by chrony",
];
const AWAY: Verdict = ['TokenUnavailable', 'AWS has an error of its own: it is tried again'];
const BUSY: Verdict = ['TokenUnavailable', 'AWS was asked too often by this account: it is tried again'];

const denied = ({ denied }: Step): Verdict => ['TokenRefused', `it is denied: ${denied}`];
const unknown = ({ cure }: Step): Verdict => [
  'TokenRefused',
  `AWS does not know the identity, or not in this region: ${cure}`,
];
const over = ({ cure }: Step): Verdict => ['TokenRefused', `the identity has expired: ${cure}`];
const invalid = (cause: string) => (): Verdict => ['TokenRefused', cause];

const OIDC =
  "AWS does not accept the token of the operator's ServiceAccount: let IAM know the issuer of this cluster as OIDC provider, with the audience of the token";
const SPEC =
  'AWS does not take the request: compare ecr.region, ecr.roleArn and ecr.externalId with what there is';

/** By the beginning of AWS' code: some end in Exception, some do not. */
const CODES: ReadonlyMap<string, Verdict | ((step: Step) => Verdict)> = new Map<
  string,
  Verdict | ((step: Step) => Verdict)
>([
  ['AccessDenied', denied],
  ['UnauthorizedOperation', denied],
  ['UnrecognizedClient', unknown],
  ['InvalidClientTokenId', unknown],
  ['InvalidAccessKeyId', unknown],
  ['AuthFailure', unknown],
  ['InvalidSignature', unknown],
  ['SignatureDoesNotMatch', unknown],
  ['IncompleteSignature', unknown],
  ['ExpiredToken', over],
  ['RequestExpired', CLOCK],
  ['RequestTimeTooSkewed', CLOCK],
  ['InvalidIdentityToken', invalid(OIDC)],
  ['IDPRejectedClaim', invalid(OIDC)],
  ['IDPCommunicationError', ['TokenUnavailable', "AWS cannot reach the issuer of this cluster's tokens"]],
  ['OptInRequired', invalid('the account has not enabled the region: enable it, or correct ecr.region')],
  [
    'RegionDisabled',
    invalid('the account has not enabled STS in the region: enable it, or correct ecr.region'),
  ],
  ['UnsupportedCommand', invalid('there is no such registry in that region: correct ecr.region')],
  ['Validation', invalid(SPEC)],
  ['ValidationError', invalid(SPEC)],
  ['InvalidParameter', invalid(SPEC)],
  ['InvalidParameterValue', invalid(SPEC)],
  ['Throttling', BUSY],
  ['ThrottledException', BUSY],
  ['TooManyRequests', BUSY],
  ['RequestLimitExceeded', BUSY],
  ['RequestThrottled', BUSY],
  ['LimitExceeded', BUSY],
  ['SlowDown', BUSY],
  ['Server', AWAY],
  ['InternalFailure', AWAY],
  ['InternalServerError', AWAY],
  ['ServiceUnavailable', AWAY],
]);

export function awsFailure(step: Step, error: unknown): FailedFetch {
  const [reason, cause] = verdictOn(step, error);
  const failure = failed(reason, `could not ${step.what}: ${cause}`);
  const rest = cause === BUSY[1] ? (retryAfter(error) ?? REST) : retryAfter(error);
  return rest === undefined ? failure : { ...failure, retryAfter: rest };
}

function verdictOn(step: Step, error: unknown): Verdict {
  const { name, message, status, isPage } = factsOf(error);
  // Both are a wrong signature to AWS, and only its words tell.
  if (/^Signature (expired|not yet current)/.test(message)) return CLOCK;
  const code = name.replace(/Exception$/, '');
  const known = CODES.get(name) ?? CODES.get(code);
  if (known !== undefined) {
    const [reason, cause] = typeof known === 'function' ? known(step) : known;
    return [reason, cause === BUSY[1] ? cause : `${cause} (${code})`];
  }
  if (status === undefined) return unanswered(error);
  if (status === 429) return BUSY;
  if (status >= 500) return [AWAY[0], `${AWAY[1]} (${status})`];
  // The agent of EKS Pod Identity, which is asked by another library, has no other words.
  const isRefusal =
    status === 401 || status === 403 || (status >= 400 && name === 'CredentialsProviderError');
  if (isRefusal && !isPage) return ['TokenRefused', `it is denied (${status}): ${step.denied}`];
  return [
    'TokenUnavailable',
    `the answer is not one of AWS (${status}): see what stands before it, such as a proxy`,
  ];
}

/** Nobody answered, or not to the end. */
function unanswered(error: unknown): Verdict {
  if (isTimeout(error))
    return ['TokenUnavailable', 'AWS did not answer in time: see whether the pod can reach it'];
  const code = failureCode(error);
  if (isOfCertificate(code)) {
    const cause = `the certificate is not trusted (${code}): give the operator its CA in NODE_EXTRA_CA_CERTS`;
    return ['TokenUnavailable', cause];
  }
  if (code.startsWith('HPE_') || error instanceof TooLongError)
    return [
      'TokenUnavailable',
      `the answer is not one of AWS (${code || 'too long'}): see what stands before it`,
    ];
  // Of proxyFor: names the variable, and not what stands in it.
  if (error instanceof RangeError) return ['TokenUnavailable', error.message];
  const hint = code === 'ENOTFOUND' ? 'correct the region, or see' : 'see';
  return [
    'TokenUnavailable',
    `${failureWords(code)}: ${hint} whether the pod can reach AWS, and HTTPS_PROXY of the operator`,
  ];
}

interface Facts {
  /** AWS' code, or of whatever was thrown. */
  readonly name: string;
  /** Never shown. */
  readonly message: string;
  /** Of an answer. */
  readonly status: number | undefined;
  /** For people: of a proxy, or a gateway. */
  readonly isPage: boolean;
}

function factsOf(error: unknown): Facts {
  if (!(error instanceof Error)) return { name: '', message: '', status: undefined, isPage: false };
  const { name, message } = error;
  const isPage = /^text\/html\b/i.test(String((error as Answered).$response?.headers?.['content-type']));
  return { name, message, status: statusOf(error), isPage };
}

/** Of an error of the library: what it was answered with. */
interface Answered {
  readonly $metadata?: { readonly httpStatusCode?: unknown };
  readonly $response?: {
    readonly statusCode?: unknown;
    readonly headers?: Readonly<Record<string, unknown>>;
  };
}

function statusOf(error: Error): number | undefined {
  const { $metadata, $response } = error as Answered;
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  if (typeof status === 'number') return status;
  const [, told] = /^Server responded with status: (\d{3})$/.exec(error.message) ?? [];
  return told === undefined ? undefined : Number(told);
}

function retryAfter(error: unknown): number | undefined {
  const seconds = (error as Answered | undefined)?.$response?.headers?.['retry-after'];
  return typeof seconds === 'string' && /^\d{1,6}$/.test(seconds)
    ? Math.min(Number(seconds) * 1000, LONGEST_REST)
    : undefined;
}
