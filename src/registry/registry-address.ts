// Where the registry is that a key of `auths` stands for, and what of it the login is for.

import { isTlsOnly } from '../api/tls-only.ts';
import { namesRegistry, serverKey } from '../core/server-key.ts';
import { isLoopbackName } from '../net/host-name.ts';

export interface RegistryAddress {
  /** host[:port] as people know it: Docker Hub is docker.io. */
  readonly name: string;
  /** What all questions go to: https://host[:port]/v2/ */
  readonly base: URL;
  /** From the slash on, or empty: the login is for images whose path begins so. */
  readonly path: string;
  readonly isDockerHub: boolean;
}

const DOCKER_HUB: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

/** DNS has no longer ones. */
const LONGEST_HOST = 253;

/**
 * Undefined for what cannot be asked: it is no registry, or a pattern that stands for many. Plain http is for
 * loopback, as runtimes have it, unless https:// is written; and for a registry that is said to be `insecure`, unless it is known to speak TLS.
 */
export function registryAddress(server: string, insecure = false): RegistryAddress | undefined {
  const key = serverKey(server);
  if (key === undefined || !namesRegistry(key) || /[*?]/.test(key)) return undefined;
  const slash = key.includes('/') ? key.indexOf('/') : key.length;
  const written = key.slice(0, slash);
  const isDockerHub = DOCKER_HUB.has(written);
  const host = isDockerHub ? 'registry-1.docker.io' : written;
  const secure = URL.parse(`https://${host}/v2/`);
  if (secure === null || secure.port === '0' || secure.hostname.length > LONGEST_HOST) return undefined;
  const isPlain =
    (insecure && !isTlsOnly(secure.hostname)) ||
    (isLoopbackName(secure.hostname) && !server.startsWith('https://'));
  const base = isPlain ? new URL(`http://${host}/v2/`) : secure;
  return { name: isDockerHub ? 'docker.io' : written, base, path: key.slice(slash), isDockerHub };
}
