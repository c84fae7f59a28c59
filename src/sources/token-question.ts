// One request to a token endpoint. Here is held what no answer can change: no redirect is followed, nothing is
// unpacked, little is read, every wait has an end, and no name leads to an address where secrets may not go.

import type { IncomingMessage } from 'node:http';
import { addressClass } from '../net/address-class.ts';
import { answerText, TooLongError } from '../net/answer-text.ts';
import { exchange, type Timeouts } from '../net/exchange.ts';
import { failureCode, failureWords, isOfCertificate } from '../net/failure-code.ts';
import { AddressRefusedError, guardedAgent, type Resolve } from '../net/guarded-agent.ts';
import { isLoopbackName } from '../net/host-name.ts';
import { type Environment, proxyFor } from '../net/proxy.ts';
import { isTimeout } from '../net/timeout-error.ts';
import type { TokenAnswer } from './oauth-answer.ts';
import type { TokenRequest } from './oauth-request.ts';
import { type FailedFetch, failed } from './source-failure.ts';

export interface QuestionOptions {
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** PEM: trusted besides the usual authorities. */
  readonly ca?: string | undefined;
  readonly timeouts?: QuestionTimeouts | undefined;
  /** Asks DNS; default: as the system does. */
  readonly resolve?: Resolve | undefined;
}

/** Milliseconds. `body` is of silence, `whole` of all together. */
export interface QuestionTimeouts extends Timeouts {
  readonly whole: number;
}

const TIMEOUTS: QuestionTimeouts = { connect: 5_000, headers: 10_000, body: 5_000, whole: 25_000 };
/** Bytes; tokens have some thousand. Node itself cuts headers off at 16 kB. */
const LARGEST_BODY = 64 * 1024;
/** Milliseconds: who asks for more is asked all the same. */
const LONGEST_REST = 3_600_000;

/** Rejects only when `options.signal` was aborted. */
export async function askForToken(
  url: URL,
  request: TokenRequest,
  options: QuestionOptions,
): Promise<TokenAnswer | FailedFetch> {
  const whole = AbortSignal.timeout((options.timeouts ?? TIMEOUTS).whole);
  try {
    return await ask(url, request, options, AbortSignal.any([whole, options.signal]));
  } catch (failure) {
    options.signal.throwIfAborted();
    // An answer that is cut in its middle says only that it was cut.
    return failedQuestion(url, whole.aborted ? whole.reason : failure);
  }
}

async function ask(
  url: URL,
  { method, headers, body }: TokenRequest,
  { environment, ca, resolve, timeouts = TIMEOUTS }: QuestionOptions,
  signal: AbortSignal,
): Promise<TokenAnswer> {
  const proxy = proxyFor(url.href, undefined, environment);
  const agent = guardedAgent(url, { proxy, ca, resolve, admits: address => mayBeAsked(url, address) });
  const all = {
    'user-agent': 'regcred',
    accept: 'application/json',
    'accept-encoding': 'identity',
    ...headers,
  };
  const answer = await exchange(agent, { url, method, headers: all, body, signal }, timeouts);
  try {
    const isPacked = (answer.headers['content-encoding'] ?? 'identity') !== 'identity';
    return {
      status: answer.statusCode ?? 0,
      isHtml: /^text\/html\b/i.test(answer.headers['content-type'] ?? ''),
      retryAfter: retryAfter(answer),
      body: isPacked ? undefined : await answerText(answer, timeouts.body, LARGEST_BODY),
    };
  } finally {
    answer.destroy();
  }
}

/** Private ones may, since the administrator listed the host. This machine only by a word for it, and no word for it elsewhere. */
function mayBeAsked({ hostname }: URL, address: string): boolean {
  const kind = addressClass(address);
  return isLoopbackName(hostname) ? kind === 'loopback' : kind === 'public' || kind === 'private';
}

function retryAfter({ headers }: IncomingMessage): number | undefined {
  const seconds = headers['retry-after'] ?? '';
  return /^\d{1,6}$/.test(seconds) ? Math.min(Number(seconds) * 1000, LONGEST_REST) : undefined;
}

function failedQuestion({ host }: URL, failure: unknown): FailedFetch {
  const say = (message: string): FailedFetch =>
    failed('TokenUnavailable', `could not get a token from ${host}: ${message}`);
  if (failure instanceof AddressRefusedError)
    return say(
      'it is at an address of this machine or of the cloud, where no secret is sent: see what DNS says of it',
    );
  if (isTimeout(failure)) return say('it did not answer in time: it is tried again');
  const code = failureCode(failure);
  if (isOfCertificate(code))
    return say(`its certificate is not trusted (${code}): give the operator its CA in NODE_EXTRA_CA_CERTS`);
  if (code.startsWith('HPE_') || failure instanceof TooLongError)
    return say(`its answer cannot be read (${code || 'too long'}): see whether oauth.tokenEndpoint is one`);
  // Of proxyFor: names the variable, and not what stands in it.
  if (failure instanceof RangeError) return say(failure.message);
  return say(`${failureWords(code)}: it is tried again`);
}
