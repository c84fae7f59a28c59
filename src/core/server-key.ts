// Under which key the kubelet indexes a server of `auths`: two spellings with one
// key are one server. Written after pkg/credentialprovider/keyring.go and Go's
// net/url; the URL class of JavaScript lower-cases hosts and drops ports.

/** Longer ones could only fill status: no image name is that long. */
const MAX_LENGTH = 512;

/**
 * What must not be shown (user:password@host, ?token=…) or cannot be seen (control and format characters).
 * The kubelet takes some of these (user:password@host is host to it, see keyring-key.ts); we do not write them.
 */
const UNFIT = /[@?#\s\p{Cc}\p{Cf}\p{Cs}]/u;

/** ASCII that Go's net/url does not take in a host, the percent sign apart. */
const NOT_IN_HOST = /[\\^`{|}/ ]/;

const BARE_HOST = /^(?<name>\[[0-9a-fA-F:.]+\]|[\w*.-]+)(?<port>:\d+)?(?:\/[\w./-]*)?$/;

/** host[:port][/path] as the kubelet indexes it; undefined when the kubelet skips it or it is not fit to be shown. */
export function serverKey(server: string): string | undefined {
  if (server.length > MAX_LENGTH || UNFIT.test(server)) return undefined;
  const rest = server.replace(/^https?:\/\//, '');
  const slash = rest.includes('/') ? rest.indexOf('/') : rest.length;
  const host = hostOf(rest.slice(0, slash));
  const path = pathOf(rest.slice(slash));
  if (host === undefined || path === undefined) return undefined;
  const short = withoutVersion(path);
  const key = short === '/' ? host : host + short;
  return UNFIT.test(key) ? undefined : key;
}

/**
 * Whether a key looks like a registry and not like, say, a password that slipped into the wrong
 * place. Images name a host by a dot, a port or `localhost`. An upper-case letter would do as well, and
 * `host:` is `host` to the kubelet; the first looks more like a password, the second can be written without.
 */
export function namesRegistry(key: string): boolean {
  const { name, port } = BARE_HOST.exec(key)?.groups ?? {};
  return name !== undefined && (name === 'localhost' || /[.:]/.test(name) || port !== undefined);
}

/** To the kubelet `/v1/` and `/v2/` at the beginning are the same as nothing. */
export const withoutVersion = (path: string): string => path.replace(/^\/v[12]\//, '/');

/** Undefined when Go refuses it, or its bytes are not UTF-8. */
export function pathOf(escaped: string): string | undefined {
  return /%(?![0-9a-fA-F]{2})/.test(escaped) ? undefined : unescaped(escaped);
}

/** Undefined when Go refuses it, or no image can have such a host. */
export function hostOf(authority: string): string | undefined {
  if (authority.startsWith('[')) return bracketedHostOf(authority);
  const colon = authority.indexOf(':');
  // Without a name no image can match, though Go parses it.
  if (authority === '' || colon === 0 || authority.includes('[')) return undefined;
  if (colon > 0 && !isPort(authority.slice(colon))) return undefined;
  // Go takes in a host only escapes of bytes beyond ASCII, and %25.
  if (NOT_IN_HOST.test(authority) || /%(?![89a-fA-F][0-9a-fA-F]|25)/.test(authority)) return undefined;
  return unescaped(authority);
}

/** IPv6 without a zone: no image name can hold a zone. */
function bracketedHostOf(authority: string): string | undefined {
  const end = authority.lastIndexOf(']') + 1;
  const literal = authority.slice(0, end);
  if (!isPort(authority.slice(end)) || !/^\[[0-9a-fA-F:.]+\]$/.test(literal)) return undefined;
  return URL.canParse(`http://${literal}`) ? authority : undefined;
}

function isPort(text: string): boolean {
  return text === '' || /^:\d*$/.test(text);
}

/** undefined when the bytes are not UTF-8: two such keys would look the same. */
function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
