// Tells the redactor with what we log in at the API server and at the proxy before it: both
// are asked for in every request, and whoever answers may quote what was sent.

import type { Redactor } from '../redactor.ts';
import type { Authentication } from './endpoint.ts';

export class OwnCredentials {
  readonly #redactor: Pick<Redactor, 'learn' | 'forget'> | undefined;
  #header: string | undefined;
  /** Of the header before: what was sent with it may not be answered yet. */
  #before: readonly string[] = [];
  #now: readonly string[] = [];

  constructor(redactor: Pick<Redactor, 'learn' | 'forget'> | undefined) {
    this.#redactor = redactor;
  }

  /** To be called before a request goes out with it. */
  noteAuthentication({ headers: { authorization } }: Authentication): void {
    if (authorization === this.#header) return;
    this.#header = authorization;
    const secrets = secretsIn(authorization ?? '');
    for (const secret of secrets) this.#redactor?.learn(secret);
    for (const secret of this.#before) this.#redactor?.forget(secret);
    this.#before = this.#now;
    this.#now = secrets;
  }

  /** `url` is one that can be parsed. */
  noteProxy(url: string | undefined): void {
    const { username, password } = new URL(url ?? 'http://none');
    // Some proxies take a token for the user name, and then no password.
    const secret = password || username;
    const header = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
    if (secret !== '')
      for (const one of new Set([secret, decoded(secret), header])) this.#redactor?.learn(one);
  }
}

function secretsIn(header: string): string[] {
  const [scheme = '', value = ''] = header.split(/\s+/, 2);
  if (scheme.toLowerCase() !== 'basic') return [value];
  return [
    value,
    Buffer.from(value, 'base64')
      .toString()
      .replace(/^[^:]*:/, ''),
  ];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
