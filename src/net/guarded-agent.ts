// Connections to a host that others may have a say in: each address is judged at the moment of connecting, for what
// DNS said before may be different now.

import { type LookupAddress, lookup as lookUp } from 'node:dns';
import { type Agent, Agent as HttpAgent } from 'node:http';
import { type AgentOptions, Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { getCACertificates } from 'node:tls';
import { literalOf } from './host-name.ts';
import { socksAgent } from './socks-agent.ts';

/** All addresses of a host. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export interface Guard {
  /** Whether the URL may be asked at this address. */
  readonly admits: (address: string) => boolean;
  /** As of proxyFor: behind a proxy names are its to resolve, and only addresses that are written out are judged. */
  readonly proxy: string | undefined;
  /** PEM: trusted besides the usual authorities. */
  readonly ca?: string | undefined;
  /** Asks DNS; default: as the system does. */
  readonly resolve?: Resolve | undefined;
}

export class AddressRefusedError extends Error {}

/** For one question: nothing is left open. Throws AddressRefusedError for an address that is written out. */
export function guardedAgent(url: URL, { admits, proxy, ca, resolve = resolveBySystem }: Guard): Agent {
  const literal = literalOf(url);
  // For an address there is no lookup, and behind a proxy none of ours.
  if (literal !== undefined && !admits(literal)) throw refusal();
  const trust = ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] };
  if (proxy?.startsWith('socks')) return socksAgent(proxy, url.origin, trust);
  if (proxy !== undefined)
    return plainAgent(url, { ...trust, proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } });
  return plainAgent(url, { ...trust, lookup: guardedLookup(admits, resolve) });
}

function guardedLookup(admits: Guard['admits'], resolve: Resolve): LookupFunction {
  const addressesOf = async (host: string): Promise<LookupAddress[]> => {
    const addresses = (await resolve(host)).filter(({ address }) => admits(address));
    if (addresses.length === 0) throw refusal();
    return addresses;
  };
  return (host, { all }, callback) => {
    addressesOf(host).then(
      ([first, ...others]) => {
        if (all) callback(null, first === undefined ? [] : [first, ...others]);
        else callback(null, first?.address ?? '', first?.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}

const refusal = (): AddressRefusedError => new AddressRefusedError('no address that may be asked');

function plainAgent(url: URL, options: AgentOptions): Agent {
  const { ca: _, ...plain } = options;
  return url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(plain);
}

const resolveBySystem: Resolve = host =>
  new Promise((resolve, reject) => {
    lookUp(host, { all: true }, (error, addresses) => (error === null ? resolve(addresses) : reject(error)));
  });
