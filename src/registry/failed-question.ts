// No answer, or half of one: what that says. Of an error only its code is shown, since its words can be the other
// side's (the names in a certificate, for one).

import { TooLongError } from '../net/answer-text.ts';
import { isTimeout } from '../net/timeout-error.ts';
import { AddressRefusedError } from './conversation.ts';
import { type Inconclusive, inconclusive } from './verdict.ts';

const CERTIFICATE_CODES =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA)/;

const WORDS: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'there is no such host'],
  ['EAI_AGAIN', 'DNS does not answer'],
  ['ECONNREFUSED', 'nobody listens there'],
  ['ECONNRESET', 'the connection was cut'],
  ['EHOSTUNREACH', 'there is no way to that host'],
  ['ENETUNREACH', 'there is no way to that network'],
  ['EPROTO', 'it does not speak TLS'],
]);

/** `what` was asked. Throws what is no failure of the network but a mistake of ours. */
export function failedQuestion(what: string, failure: unknown): Inconclusive {
  if (failure instanceof TypeError) throw failure;
  if (failure instanceof AddressRefusedError) {
    const message = `${what} is at an address of this machine, of the cloud or of the inside, where it may not lead`;
    return inconclusive('AddressRefused', message);
  }
  if (isTimeout(failure)) return inconclusive('Timeout', `${what} did not answer in time`);
  const code = codeOf(failure);
  if (CERTIFICATE_CODES.test(code)) {
    const message = `${what} has a certificate that is not trusted (${code}): name its CA`;
    return inconclusive('CertificateUntrusted', message);
  }
  // Of the HTTP parser: a header over 16 kB, or no HTTP at all.
  if (code.startsWith('HPE_') || failure instanceof TooLongError)
    return inconclusive('BadAnswer', `${what} gives an answer that cannot be read (${code || 'too long'})`);
  // Of proxyFor: names the variable, and not what stands in it.
  if (failure instanceof RangeError)
    return inconclusive('Unreachable', `could not reach ${what}: ${failure.message}`);
  const words = WORDS.get(code) ?? 'the connection failed';
  return inconclusive('Unreachable', `could not reach ${what}: ${words}${code === '' ? '' : ` (${code})`}`);
}

function codeOf(failure: unknown): string {
  const inner = failure instanceof AggregateError ? failure.errors[0] : failure;
  const code = (inner as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? code : '';
}
