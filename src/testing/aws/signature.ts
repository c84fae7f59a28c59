// AWS Signature Version 4 as whoever receives it checks it: by making it anew from what arrived.

import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface SignedFor {
  readonly region: string;
  readonly service: string;
  /** Milliseconds since the epoch, by the clock of whoever checks. */
  readonly now: number;
  /** The secret of an access key, and the session that it belongs to; undefined for one that nobody has. */
  keyOf(accessKeyId: string): { readonly secret: string; readonly sessionToken?: string } | undefined;
}

export type SignatureProblem = 'absent' | 'unknown key' | 'wrong' | 'too old' | 'too early' | 'wrong scope';

/** Milliseconds. */
const TOLERANCE = 5 * 60_000;
/** What a request could be changed by and still pass, if it were not signed. */
const MUST_BE_SIGNED = ['host', 'x-amz-date'];

export type Checked =
  | { readonly accessKeyId: string; readonly problem?: undefined }
  | { readonly problem: SignatureProblem; readonly signedAt?: string };

export function checkSignature(arrived: Arrived, { region, service, now, keyOf }: SignedFor): Checked {
  const { headers } = arrived;
  const { id = '', scope = '', names = '', signature } = authorizationIn(headers.authorization ?? '');
  if (signature === undefined) return { problem: 'absent' };
  const key = keyOf(id);
  // A session is told by both: its key id is nothing without its token.
  if (key === undefined || key.sessionToken !== headers['x-amz-security-token'])
    return { problem: 'unknown key' };
  const signedAt = String(headers['x-amz-date']);
  const [date, ...rest] = scope.split('/');
  if (date !== signedAt.slice(0, 8) || rest.join('/') !== `${region}/${service}/aws4_request`)
    return { problem: 'wrong scope' };
  const signed = names.split(';');
  const needed = [...MUST_BE_SIGNED, ...(key.sessionToken ? ['x-amz-security-token'] : [])];
  if (!needed.every(name => signed.includes(name))) return { problem: 'wrong' };
  const text = ['AWS4-HMAC-SHA256', signedAt, scope, sha256(canonical(arrived, signed))].join('\n');
  const expected = hmac(signingKey(key.secret, scope), text).toString('hex');
  if (expected !== signature) return { problem: 'wrong' };
  const age = now - timeOf(signedAt);
  if (Math.abs(age) > TOLERANCE) return { problem: age > 0 ? 'too old' : 'too early', signedAt };
  return { accessKeyId: id };
}

function authorizationIn(header: string): { [part: string]: string | undefined } {
  const form =
    /^AWS4-HMAC-SHA256 Credential=(?<id>\w+)\/(?<scope>[^,]+), SignedHeaders=(?<names>[a-z0-9;-]+), Signature=(?<signature>[0-9a-f]{64})$/;
  return form.exec(header)?.groups ?? {};
}

function canonical({ method, path, query, headers, body }: Arrived, signed: readonly string[]): string {
  const pairs = [...query].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  const lines = signed.map(name => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}\n`);
  return [method, path, pairs.sort().join('&'), lines.join(''), signed.join(';'), sha256(body)].join('\n');
}

function signingKey(secret: string, scope: string): Buffer {
  return scope.split('/').reduce((key: Buffer, part) => hmac(key, part), Buffer.from(`AWS4${secret}`));
}

function timeOf(basic: string): number {
  return Date.parse(basic.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
