// Whose account a login is of: registries lock accounts, and not every username is the name of one.

import type { LoginToCheck } from './check-login.ts';

/** The registries that take these tell who it is by the password. */
const SHARED_NAMES: ReadonlySet<string> = new Set([
  '_json_key',
  '_json_key_base64',
  'oauth2accesstoken',
  '00000000-0000-0000-0000-000000000000',
  'AWS',
  '$oauthtoken',
  'iamapikey',
  'iambearer',
  'x-access-token',
]);

/** Holds the password: to be digested at once. */
export const accountOf = ({
  username,
  password,
  account,
}: Pick<LoginToCheck, 'username' | 'password' | 'account'>): string =>
  JSON.stringify(
    account !== undefined ? { account } : SHARED_NAMES.has(username) ? { username, password } : { username },
  );
