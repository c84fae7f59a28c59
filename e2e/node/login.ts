// The login of a registry, as it goes into a source and as it comes out in a namespace.

import { SYNC_LABEL } from '../../src/api/names.ts';
import { docker, type Login, type Logins, type Scenario } from '../api/scenario.ts';
import type { Registry } from './registry.ts';

/** Labels of a namespace that opts in, by the selector that a RegistryCredential has by default. */
export const OPTED_IN = { [SYNC_LABEL]: 'true' };

/** @param server where it is to hold; default: wherever the registry takes it */
export function loginTo({ host, account }: Registry, server = host): Login {
  if (account === undefined) throw new Error(`${host} asks for no login`);
  const { username, password } = account;
  return { server, username, password };
}

/** What `isServed` of e2e/api waits for. */
export const inNamespace = (...logins: readonly Login[]): Logins =>
  Object.fromEntries(logins.map(({ server, username, password }) => [server, [username, password]]));

/** A RegistryCredential that hands these out to whoever opts in; returns its name. */
export const handOut = async (story: Scenario, ...logins: readonly Login[]): Promise<string> =>
  story.credential('login', {
    registries: [docker(await story.dockerSource('source', ...logins))],
    namespaceSelector: undefined,
  });
