// The logins that the benchmark hands out, not one of any registry; and the very bytes that a Secret is to hold,
// written down here so that the operator's own code is no judge of them.

import type { Login } from '../src/core/login.ts';
import { CREDENTIAL, credentialNames } from './names.ts';

export const SERVER = 'registry.bench.example';
export const USERNAME = 'bench';

/** A new one for each rotation. */
export const passwordOf = (version: number): string => `not-a-real-password-${version}`;

export const loginOf = (version: number): Login & { server: string } => ({
  server: SERVER,
  username: USERNAME,
  password: passwordOf(version),
  email: undefined,
});

/** Each RegistryCredential has a registry of its own. */
export const serverOf = (credential: string): string =>
  credential === CREDENTIAL ? SERVER : `${credential}.${SERVER}`;

/** What `.dockerconfigjson` of each Secret is to be, where so many RegistryCredentials select its namespace. */
export function dataOf(version: number, credentials = 1): string {
  const logins = credentialNames(credentials).map(name => [
    serverOf(name),
    entry(name === CREDENTIAL ? version : 0),
  ]);
  // Names of one case of ASCII: by code unit is by byte.
  const auths = Object.fromEntries(logins.sort(([one = ''], [other = '']) => (one < other ? -1 : 1)));
  return Buffer.from(JSON.stringify({ auths })).toString('base64');
}

function entry(version: number): object {
  const password = passwordOf(version);
  return { username: USERNAME, password, auth: Buffer.from(`${USERNAME}:${password}`).toString('base64') };
}
