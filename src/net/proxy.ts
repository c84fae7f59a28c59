// Which proxy leads to a server, by the variables that curl, Go and kubectl obey.
// Node's own reading of NO_PROXY has no CIDR blocks, and clusters are addressed by those.

import { BlockList, isIP } from 'node:net';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy's URL, or undefined for a direct connection. Throws RangeError for one that cannot be used. `explicit` is the kubeconfig's proxy-url. */
export function proxyFor(
  server: string,
  explicit: string | undefined,
  environment: Environment,
): string | undefined {
  if (explicit !== undefined && explicit !== '') return usable(explicit, 'proxy-url of the kubeconfig');
  const url = new URL(server);
  const variable = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = read(environment, variable);
  if (proxy === '' || isLoopback(url)) return undefined;
  const excluded = read(environment, 'NO_PROXY').split(/[\s,]+/);
  if (excluded.some(entry => entry !== '' && matches(entry, url))) return undefined;
  return usable(proxy.includes('://') ? proxy : `http://${proxy}`, variable);
}

/** The URL stays out of the message: it can hold a password. */
function usable(proxy: string, from: string): string {
  if (URL.canParse(proxy) && /^(https?|socks5?):\/\//.test(proxy)) return proxy;
  throw new RangeError(`${from} is no proxy that can be used: write http://, https:// or socks5://HOST:PORT`);
}

function read(environment: Environment, name: string): string {
  return environment[name] || environment[name.toLowerCase()] || '';
}

/** A name (and what is below it), an address, a CIDR block or *, with or without a port. */
function matches(entry: string, url: URL): boolean {
  if (entry === '*') return true;
  const host = hostOf(url);
  if (entry.includes('/')) return inBlock(entry, host);
  const [, name = entry, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  if (port !== undefined && port !== (url.port || (url.protocol === 'https:' ? '443' : '80'))) return false;
  const bare = name
    .toLowerCase()
    .replace(/^\*?\./, '')
    .replace(/^\[(.*)\]$/, '$1');
  return host === bare || (isIP(host) === 0 && host.endsWith(`.${bare}`));
}

function inBlock(block: string, host: string): boolean {
  const [address = '', bits = ''] = block.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || !/^\d+$/.test(bits)) return false;
  const prefix = Number(bits);
  if (prefix > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

function hostOf(url: URL): string {
  return url.hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
}

function isLoopback(url: URL): boolean {
  const host = hostOf(url);
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
