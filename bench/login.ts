// The logins that the benchmark hands out, not one of any registry; and the very bytes that a Secret is to hold,
// written down here so that the operator's own code is no judge of them.

import type { Login } from '../src/core/login.ts';

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

/** What `.dockerconfigjson` of each Secret is to be. */
export function dataOf(version: number): string {
  const password = passwordOf(version);
  const auth = Buffer.from(`${USERNAME}:${password}`).toString('base64');
  const config = { auths: { [SERVER]: { username: USERNAME, password, auth } } };
  return Buffer.from(JSON.stringify(config)).toString('base64');
}
