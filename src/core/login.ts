// Reads one entry of `auths` as the kubelet reads it, and finds the entries on which
// the kubelet gives up: one of those costs a pod all its other logins too.

export interface Login {
  readonly username: string;
  readonly password: string;
  readonly email?: string | undefined;
}

/** A login, or one sentence that says what is wrong and what to do. The sentence never quotes a value. */
export type ReadLogin =
  | { readonly ok: true; readonly login: Login }
  | { readonly ok: false; readonly message: string };

const RECREATE = 'make it again with kubectl create secret docker-registry';

export function readLogin(entry: unknown): ReadLogin {
  if (!isObject(entry)) return bad('the entry is not a JSON object: it needs username and password, or auth');
  const fields = fieldsOf(entry);
  for (const name of ['username', 'password', 'email', 'auth']) {
    if (typeof (fields.get(name) ?? '') !== 'string') return bad(`${name} is not a string: put it in quotes`);
  }
  const text = (name: string): string => String(fields.get(name) ?? '').toWellFormed();
  const pair =
    text('auth') === '' ? separatePair(text('username'), text('password')) : authPair(text('auth'));
  if (!pair.ok) return pair;
  const { username, password } = pair.login;
  if (username === '' || password === '') return bad(incompleteMessage(fields, username, password));
  return { ok: true, login: { username, password, email: text('email') } };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Go takes field names in any case, the last one wins, and null is as good as absent. */
export function fieldsOf(object: Record<string, unknown>): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const [name, value] of Object.entries(object)) {
    if (value !== null) fields.set(foldedName(name), value);
  }
  return fields;
}

/** To Go the long s is an s too. */
export const foldedName = (name: string): string => name.toLowerCase().replaceAll('\u017f', 's');

function separatePair(username: string, password: string): ReadLogin {
  // The kubelet would take it, but no registry: in Basic authentication the colon ends the username.
  if (username.includes(':')) return bad('username holds a colon, which no registry login can: correct it');
  return { ok: true, login: { username, password } };
}

function authPair(auth: string): ReadLogin {
  const bytes = decodeBase64(auth);
  if (bytes === undefined) return bad(`auth is not base64 of username:password: ${RECREATE}`);
  const text = decodeUtf8(bytes);
  if (text === undefined) return bad(`auth is not UTF-8 once decoded: ${RECREATE}`);
  const colon = text.indexOf(':');
  if (colon < 0) return bad(`auth has no colon once decoded: ${RECREATE}`);
  return { ok: true, login: { username: text.slice(0, colon), password: text.slice(colon + 1) } };
}

/** Standard base64 by Go's rules: line breaks are skipped, padding is right or absent, nothing else is forgiven. */
export function decodeBase64(text: string): Buffer | undefined {
  const digits = text.replace(/[\r\n]/g, '');
  const body = digits.replace(/={1,2}$/, '');
  if (/[^A-Za-z0-9+/]/.test(body) || body.length % 4 === 1) return undefined;
  if (body.length !== digits.length && digits.length % 4 !== 0) return undefined;
  return Buffer.from(body, 'base64');
}

/** undefined when the bytes are not UTF-8. A byte order mark is kept: it is part of what was stored. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function incompleteMessage(fields: Map<string, unknown>, username: string, password: string): string {
  if (fields.has('identitytoken') || fields.has('registrytoken')) {
    return 'only a token, which the kubelet ignores: give username and password';
  }
  if (username === '' && password === '') {
    return `no login, docker may keep it in a credential store: ${RECREATE}`;
  }
  return `the ${username === '' ? 'username' : 'password'} is empty: ${RECREATE}`;
}

function bad(message: string): { ok: false; message: string } {
  return { ok: false, message };
}
