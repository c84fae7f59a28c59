// What the token servers of all clouds have in common when they give no token: they are away, throttle, or something
// stands before them. What only one of them says is in gar-failure.ts and acr-failure.ts.

import { TooLongError } from '../net/answer-text.ts';
import { failureCode, failureWords, isOfCertificate } from '../net/failure-code.ts';
import { AddressRefusedError } from '../net/guarded-agent.ts';
import { isTimeout } from '../net/timeout-error.ts';
import type { CloudAnswer, LastAsked } from './cloud-conversation.ts';
import type { SourceFailure } from './source.ts';
import { type FailedFetch, failed } from './source-failure.ts';

/** What a code of theirs means, and what to do. */
export type Cure = readonly [SourceFailure, string];

/** Milliseconds: who asks for more is asked all the same. */
const LONGEST_REST = 3_600_000;

/** A failure of whoever was asked last, or undefined when it takes knowing that cloud to tell. */
export function commonFailure(last: LastAsked): FailedFetch | undefined {
  if ('failure' in last) return sayOf(last, ['TokenUnavailable', `${networkWords(last.failure)}`]);
  const { status } = last.answer;
  const common = cureOf(status, isHtml(last.answer));
  return common === undefined ? undefined : sayOf(last, common);
}

export function sayOf(last: LastAsked, [reason, words]: Cure): FailedFetch {
  const rest = 'answer' in last ? restOf(last.answer) : undefined;
  const failure = failed(reason, `could not get a token from ${last.host}: ${words}`);
  return rest === undefined ? failure : { ...failure, retryAfter: rest };
}

export const fieldsOf = ({ body }: CloudAnswer): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // The error would quote it.
    return {};
  }
};

function cureOf(status: number, html: boolean): Cure | undefined {
  if (status === 429) return ['TokenUnavailable', 'it was asked too often (429): it is tried again'];
  if (status >= 500) return ['TokenUnavailable', `it has an error of its own (${status}): it is tried again`];
  if (status >= 300 && status < 400)
    return [
      'TokenUnavailable',
      `it redirects (${status}), and nothing is sent after a redirect: see what stands between it and the operator`,
    ];
  if (status === 407)
    return ['TokenUnavailable', 'the proxy wants a login (407): write it into HTTPS_PROXY of the operator'];
  if (html)
    return [
      'TokenUnavailable',
      `a web page came in place of an answer (${status}): see what stands between it and the operator`,
    ];
  return undefined;
}

function restOf({ headers }: CloudAnswer): number | undefined {
  const seconds = headers['retry-after'] ?? '';
  return /^\d{1,6}$/.test(seconds) ? Math.min(Number(seconds) * 1000, LONGEST_REST) : undefined;
}

/** Clouds answer JSON; what begins with a tag is from somebody else, whatever it calls itself. */
const isHtml = ({ headers, body }: CloudAnswer): boolean =>
  /^text\/html\b/i.test(headers['content-type'] ?? '') || /^\s*</.test(body);

function networkWords(failure: unknown): string {
  if (failure instanceof AddressRefusedError)
    return 'it is at an address of this machine or of the cloud, where no secret is sent: see what DNS says of it';
  if (isTimeout(failure)) return 'it did not answer in time: it is tried again';
  const code = failureCode(failure);
  if (isOfCertificate(code))
    return `its certificate is not trusted (${code}): give the operator its CA in NODE_EXTRA_CA_CERTS`;
  if (code.startsWith('HPE_') || failure instanceof TooLongError)
    return `its answer cannot be read (${code || 'too long'}): see what stands between it and the operator`;
  // Of proxyFor: names the variable, and not what stands in it.
  if (failure instanceof RangeError) return failure.message;
  return `${failureWords(code)}: it is tried again`;
}
