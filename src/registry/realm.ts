// Whether a login may be sent where a registry says that tokens are to be had. Whoever runs the registry, or
// speaks for it, writes that place: so it must be the registry's own house, or one that is known to be its own.
// CVE-2020-15157 is what comes of it otherwise.

import { isLoopbackName } from '../net/host-name.ts';
import type { RegistryAddress } from './registry-address.ts';

export interface RealmRules {
  /** Further hosts: HOST, HOST:PORT, or *.HOST for all below it. */
  readonly tokenServers?: readonly string[] | undefined;
}

export type JudgedRealm =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false; readonly problem: RealmProblem };

export type RealmProblem =
  /** No URL of http or https, or one that two readers could take for two. */
  'malformed' | 'plain http' | 'elsewhere';

/** Pairs, and not hosts for everybody: a login is sent to no house that its own registry does not use. */
const KNOWN: readonly { readonly registry: RegExp; readonly tokenServer: string }[] = [
  { registry: /^registry-1\.docker\.io$/, tokenServer: 'auth.docker.io' },
  { registry: /^registry\.digitalocean\.com$/, tokenServer: 'api.digitalocean.com' },
  // Also its regional and data endpoints.
  { registry: /\.azurecr\.io$/, tokenServer: '*.azurecr.io' },
];

const LONGEST = 2048;
/** Printable ASCII but for the backslash, which browsers and Go read differently. */
const PLAIN_TEXT = /^[!-[\]-~]+$/;
const SHAPE = /^https?:\/\/(\[[0-9a-f:]+\]|[0-9a-z.-]+)(?::[1-9][0-9]{0,4})?(?:[/?][^#]*)?$/i;

export function judgeRealm(realm: string, registry: RegistryAddress, rules: RealmRules = {}): JudgedRealm {
  const url = readUrl(realm);
  if (url === undefined) return { ok: false, problem: 'malformed' };
  const isOwn = url.hostname === registry.base.hostname;
  if (!isOwn && !isParent(url.hostname, registry.base.hostname) && !isListed(url, registry, rules))
    return { ok: false, problem: 'elsewhere' };
  // Where the login goes over plain http anyway, the same host may ask for it so once more.
  const mayBePlain = isOwn && registry.base.protocol === 'http:';
  if (url.protocol !== 'https:' && !mayBePlain) return { ok: false, problem: 'plain http' };
  return { ok: true, url };
}

/** Only what has one spelling: no user, no escapes, no 0x7f.1 for 127.0.0.1, no host in other letters. */
function readUrl(realm: string): URL | undefined {
  const host = realm.length > LONGEST || !PLAIN_TEXT.test(realm) ? undefined : SHAPE.exec(realm)?.[1];
  const url = URL.parse(realm);
  return host !== undefined && url?.hostname === host.toLowerCase() ? url : undefined;
}

/** gitlab.example for registry.gitlab.example. A top-level domain is nobody's house. */
function isParent(host: string, registry: string): boolean {
  const labels = host.split('.');
  if (labels.length < 2 || labels.includes('')) return false;
  return registry.endsWith(`.${host}`) && !isLoopbackName(registry) && !/^[\d.]+$/.test(registry);
}

function isListed(url: URL, registry: RegistryAddress, { tokenServers = [] }: RealmRules): boolean {
  const known = KNOWN.filter(pair => pair.registry.test(registry.base.hostname) && registry.base.port === '');
  return [...known.map(pair => pair.tokenServer), ...tokenServers].some(entry => matches(entry, url));
}

function matches(entry: string, { hostname, port }: URL): boolean {
  const [, wildcard, host = '', entryPort = ''] = /^(\*\.)?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  if ((entryPort === '443' ? '' : entryPort) !== port || host === '') return false;
  return wildcard === undefined ? hostname === host : hostname.endsWith(`.${host}`);
}
