// No answer, or half of one: what that says.

import { TooLongError } from '../net/answer-text.ts';
import { failureCode, failureWords, isOfCertificate } from '../net/failure-code.ts';
import { AddressRefusedError } from '../net/guarded-agent.ts';
import { isTimeout } from '../net/timeout-error.ts';
import { type Inconclusive, inconclusive } from './verdict.ts';

/** `what` was asked. Throws what is no failure of the network but a mistake of ours. */
export function failedQuestion(what: string, failure: unknown): Inconclusive {
  if (failure instanceof TypeError) throw failure;
  if (failure instanceof AddressRefusedError) {
    const message = `${what} is at an address of this machine, of the cloud or of the inside, where it may not lead`;
    return inconclusive('AddressRefused', message);
  }
  if (isTimeout(failure)) return inconclusive('Timeout', `${what} did not answer in time`);
  const code = failureCode(failure);
  if (isOfCertificate(code)) {
    const message = `${what} has a certificate that is not trusted (${code}): name its CA`;
    return inconclusive('CertificateUntrusted', message);
  }
  // Of the HTTP parser: a header over 16 kB, or no HTTP at all.
  if (code.startsWith('HPE_') || failure instanceof TooLongError)
    return inconclusive('BadAnswer', `${what} gives an answer that cannot be read (${code || 'too long'})`);
  // Of proxyFor: names the variable, and not what stands in it.
  if (failure instanceof RangeError)
    return inconclusive('Unreachable', `could not reach ${what}: ${failure.message}`);
  return inconclusive('Unreachable', `could not reach ${what}: ${failureWords(code)}`);
}
