// Connections through a SOCKS proxy that are as safe as direct ones.

import type { Agent } from 'node:http';
import type { AgentOptions } from 'node:https';
import { checkServerIdentity } from 'node:tls';
import { SocksProxyAgent } from 'socks-proxy-agent';

/** `server` is the URL that is asked, `proxy` that of the proxy. */
export function socksAgent(proxy: string, server: string, options: AgentOptions): Agent {
  // This agent forgets whom it asked for when that is an address, and would take it for localhost.
  const host = options.servername ?? new URL(server).hostname.replace(/^\[(.*)\]$/, '$1');
  const verified: AgentOptions = {
    ...options,
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
  };
  // Names are the proxy's to resolve, as kubectl has it.
  return new SocksProxyAgent(proxy.replace(/^socks5?:/, 'socks5h:'), verified);
}
