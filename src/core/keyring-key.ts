// From a key of `auths` to that under which the kubelet keeps its login, whatever stands there. serverKey
// is for what may be written; this is also for what other people wrote. After Go's net/url and keyring.go.

import { hostOf, pathOf, withoutVersion } from './server-key.ts';

export interface Address {
  /** host[:port] */
  readonly host: string;
  /** Empty, or from its first slash on. */
  readonly path: string;
}

/** Bytes that Go refuses anywhere before a fragment. */
const CONTROL = /\p{Cc}/u;
const USER = /^[A-Za-z0-9._:~!$&'()*+,;=%@-]*$/;

/** host[:port][/path]; undefined where the kubelet skips the entry, or no image can have such a name. */
export function keyringKey(server: string): string | undefined {
  const rest = server.replace(/^https?:\/\//, '');
  const address = addressOf(rest);
  if (address === undefined) return undefined;
  const path = withoutVersion(address.path);
  return path === '/' ? address.host : address.host + path;
}

/** What Go makes of `https://` and this; the kubelet asks it once for the entry, and again for its key at each lookup. */
export function addressOf(schemeless: string): Address | undefined {
  const [beforeFragment = '', ...fragment] = schemeless.split('#');
  if (CONTROL.test(beforeFragment) || !isEscaped(fragment.join('#'))) return undefined;
  // User, query and fragment are no part of the key, so that user:password@host is the key host.
  const hierarchy = beforeFragment.split('?', 1)[0] ?? '';
  const slash = hierarchy.includes('/') ? hierarchy.indexOf('/') : hierarchy.length;
  const authority = hierarchy.slice(0, slash);
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(at, 0));
  if (!USER.test(user) || !isEscaped(user)) return undefined;
  const host = hostOf(authority.slice(at + 1));
  const path = pathOf(hierarchy.slice(slash));
  return host === undefined || path === undefined ? undefined : { host, path };
}

const isEscaped = (text: string): boolean => !/%(?![0-9a-fA-F]{2})/.test(text);
