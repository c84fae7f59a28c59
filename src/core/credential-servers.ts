// For which servers a RegistryCredential has logins, as far as one can tell without its source Secrets.

import { DOCKER_HUB_SERVER } from '../api/names.ts';
import type { RegistrySpec } from '../api/types.ts';
import type { CredentialRecord } from './credential-record.ts';
import { lookUp } from './keyring.ts';
import { keyringKey } from './keyring-key.ts';

export interface KnownServer {
  readonly server: string;
  /** Index in `spec.registries`. */
  readonly registry: number;
}

/** Those that the spec names, and those that status names of a docker config. */
export function serversOf({ spec, status }: CredentialRecord): KnownServer[] {
  return spec.registries.flatMap((registry, index) => {
    const named = namedServer(registry);
    const servers = named === undefined ? toldServers(status?.registries[index]?.server) : [named];
    return servers.map(server => ({ server, registry: index }));
  });
}

/** Undefined where only the source can tell. */
const namedServer = ({ server, basic }: RegistrySpec): string | undefined =>
  server ?? (basic === undefined ? undefined : DOCKER_HUB_SERVER);

/** "a, b, c and 4 more", as status has it. */
const toldServers = (text = ''): string[] =>
  text
    .replace(/ and \d+ more$/, '')
    .split(', ')
    .filter(server => server !== '');

/** The registry of it that would log the image in; undefined: none, or none that is known. */
export function serverFor(record: CredentialRecord, repository: string): KnownServer | undefined {
  const known = serversOf(record);
  const logins = known.map(({ server }, index) => ({
    server,
    key: keyringKey(server),
    username: '',
    isEmpty: false,
    secret: String(index),
  }));
  const [first] = lookUp(repository, logins).tried;
  return first && known[Number(first.login.secret)];
}
