// Which token servers belong to which registry, as an administrator says it: a registry cannot be believed there.

/** Host of a registry, as it stands in image names -> hosts of token servers, HOST, HOST:PORT or *.HOST. */
export type TokenServers = ReadonlyMap<string, readonly string[]>;

const LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const HOST = `${LABEL}(?:\\.${LABEL})*(?::[1-9][0-9]{0,4})?`;
/** REGISTRY=TOKENSERVER, for RE2 as well. */
export const TOKEN_SERVER = `^(${HOST})=((?:\\*\\.)?${HOST})$`;
const PAIR = new RegExp(TOKEN_SERVER);

/** Undefined for what is no list of REGISTRY=TOKENSERVER. */
export function parseTokenServers(text: string): TokenServers | undefined {
  const pairs = text.split(',').map(pair => PAIR.exec(pair.trim()));
  const servers = new Map<string, string[]>();
  for (const pair of pairs) {
    const [, registry, tokenServer] = pair ?? [];
    if (registry === undefined || tokenServer === undefined) return undefined;
    servers.set(registry, [...(servers.get(registry) ?? []), tokenServer]);
  }
  return servers;
}
