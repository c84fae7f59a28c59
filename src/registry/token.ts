// A token for a login (distribution/docs/spec/auth/token.md): GET, which all registries know.

import { type Asker, isVerdict } from './asker.ts';
import type { Challenge } from './challenge.ts';
import type { Answer } from './conversation.ts';
import { judgeRealm, type RealmProblem } from './realm.ts';
import type { RegistryAddress } from './registry-address.ts';
import { type Inconclusive, inconclusive, statusVerdict } from './verdict.ts';

export type Got =
  | { readonly token: string }
  /** The login itself, or only what it asked for. */
  | { readonly refused: 'login' | 'scope'; readonly status: number }
  | Inconclusive;

export async function tokenFor(asker: Asker, { parameters }: Challenge): Promise<Got> {
  const { registry, pull, rules } = asker;
  const realm = judgeRealm(parameters.get('realm') ?? '', registry, rules);
  if (!realm.ok) return inconclusive('RealmRefused', realmMessage(realm.problem, registry));
  const service = parameters.get('service');
  const got = await askFor(asker, tokenUrl(realm.url, service, pull?.scope));
  if (isVerdict(got) || 'token' in got || got.status !== 403 || pull === undefined) return got;
  // Some answer so to a good login that may not have the image: without it, they say which of the two it is.
  const plain = await askFor(asker, tokenUrl(realm.url, service));
  return 'token' in plain ? { refused: 'scope', status: 403 } : plain;
}

function tokenUrl(realm: URL, service: string | undefined, scope?: string): URL {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  if (scope !== undefined) url.searchParams.set('scope', scope);
  return url;
}

async function askFor({ registry, basic, ask }: Asker, url: URL): Promise<Got> {
  const what = `the token server of ${registry.name}`;
  const answer = await ask(what, { url, method: 'GET', authorization: basic, wantsBody: true });
  if (isVerdict(answer)) return answer;
  const { status, retryAfter } = answer;
  if (status === 401 || status === 403) return { refused: 'login', status };
  if (status === 404) return inconclusive('BadAnswer', `${what} is not where it should be (404)`);
  if (status !== 200) return statusVerdict(what, status, retryAfter);
  const token = tokenIn(answer);
  return token === undefined
    ? inconclusive('BadAnswer', `${what} gives no token that can be read`)
    : { token };
}

/** Undefined for what cannot stand in a header. */
function tokenIn({ body = '' }: Answer): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // A web page, say. The error would quote it.
    return undefined;
  }
  const fields = Object(value) as { token?: unknown; access_token?: unknown };
  const token = fields.token || fields.access_token;
  return typeof token === 'string' && /^[!-~]+$/.test(token) ? token : undefined;
}

/** The realm is not shown: a registry that knows the login from before could put it there. */
function realmMessage(problem: RealmProblem, { name, base }: RegistryAddress): string {
  const see = `curl -si ${base} shows where`;
  switch (problem) {
    case 'elsewhere':
      return `${name} wants the login sent to another host, and so it was not sent (${see}): if that is its token server, allow its host`;
    case 'plain http':
      return `${name} wants the login sent without TLS, and so it was not sent (${see})`;
    case 'malformed':
      return `${name} wants the login sent to what is no plain URL, and so it was not sent (${see})`;
  }
}
