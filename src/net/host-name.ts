// What the host of a URL says before anybody is asked about it.

import { isIP } from 'node:net';

/** Of a URL's hostname: what means this machine without asking anybody. */
export function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Of a URL whose host is an address: that, without brackets. */
export function literalOf({ hostname }: URL): string | undefined {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? undefined : host;
}
