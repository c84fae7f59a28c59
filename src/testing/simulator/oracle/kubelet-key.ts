// The key under which the kubelet finds an entry of a docker config (FACTS: add a scheme, parse
// as URL, drop a leading /v1/ or /v2/, keep host, port and path).

export function kubeletKey(server: string): string {
  const bare = server.replace(/^https?:\/\//, '');
  const slash = bare.indexOf('/');
  if (slash < 0) return bare;
  const path = bare.slice(slash).replace(/^\/v[12]\//, '/');
  return path === '/' ? bare.slice(0, slash) : bare.slice(0, slash) + path;
}

const HOST = '[a-z0-9*]([-a-z0-9*]*[a-z0-9*])?';
const PLAIN = new RegExp(
  `^(https?://)?(${HOST}(\\.${HOST})+(:[0-9]+)?|${HOST}:[0-9]+|localhost)(/[a-z0-9][a-z0-9._-]*)*/?$`,
);

/**
 * Beyond doubt something that an image name can match. What else stands in a docker config may
 * or may not be taken for a server: the design does not say.
 */
export const isPlainServer = (server: string): boolean =>
  PLAIN.test(server) && (!server.includes('index.docker.io') || kubeletKey(server) === 'index.docker.io');
