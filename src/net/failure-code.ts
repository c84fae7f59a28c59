// What an error of the network says by its code. Its words are left out: they can be the other side's (the names in
// a certificate, for one).

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

/** Empty when there is none that can be shown. */
export function failureCode(failure: unknown): string {
  const inner = failure instanceof AggregateError ? failure.errors[0] : failure;
  const code = (inner as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? code : '';
}

export const isOfCertificate = (code: string): boolean => CERTIFICATE_CODES.test(code);

/** Such as "nobody listens there (ECONNREFUSED)". */
export function failureWords(code: string): string {
  const words = WORDS.get(code) ?? 'the connection failed';
  return code === '' ? words : `${words} (${code})`;
}
