// A registry that the nodes pull from: one that somebody names, or one of our own (own-registry.ts).

import type { Image } from './image.ts';
import { pushTo } from './push.ts';

export interface Account {
  readonly username: string;
  readonly password: string;
}

export interface Registry {
  /** How the names of its images begin: host[:port][/path]. */
  readonly host: string;
  /** Undefined: it asks nobody for a login. */
  readonly account: Account | undefined;
  /** @returns the image's name in full */
  push(repository: string, tag: string, image: Image): Promise<string>;
}

/**
 * E2E_REGISTRY, as in image names, with E2E_REGISTRY_USERNAME and E2E_REGISTRY_PASSWORD: known under this name
 * to the nodes and to this machine.
 */
export function registryNamed(host: string, env: NodeJS.ProcessEnv): Registry {
  const { E2E_REGISTRY_USERNAME: username, E2E_REGISTRY_PASSWORD: password } = env;
  if (!username || !password)
    throw new Error('E2E_REGISTRY needs E2E_REGISTRY_USERNAME and E2E_REGISTRY_PASSWORD: set them too');
  const account = { username, password };
  const [address = '', ...path] = host.split('/');
  // As the engines do it: what is on this machine needs no certificate.
  const scheme = /^(localhost|127\.)/.test(address) ? 'http' : 'https';
  return {
    host,
    account,
    push: async (repository, tag, image) => {
      const name = [...path, repository].join('/');
      await pushTo({ url: `${scheme}://${address}`, account }, { repository: name, tag, image });
      return `${host}/${repository}:${tag}`;
    },
  };
}
