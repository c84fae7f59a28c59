// What a Secret holds, entry by entry, against the logins that it ought to hold. What is said
// names keys only, never a login.

import { DOCKER_CONFIG_KEY } from '../../../api/names.ts';
import { kubeletKey } from './kubelet-key.ts';
import { sameLogin } from './offers.ts';
import type { DesiredLogin, Login, Secret } from './snapshot.ts';
import { fieldsOf, parse } from './source-reading.ts';

const FIELDS = ['username', 'password', 'email', 'auth'];

export interface Fault {
  /** The kubelet's key of the entry; undefined for the whole. */
  readonly key: string | undefined;
  readonly what: string;
}

export interface Content {
  /** By the kubelet's key. */
  readonly logins: ReadonlyMap<string, Login>;
  /** What is wrong with it whatever it ought to hold. */
  readonly malformed: readonly Fault[];
}

export function contentOf(secret: Secret): Content {
  const config = fieldsOf(parse(Buffer.from(secret.data?.[DOCKER_CONFIG_KEY] ?? '', 'base64').toString()));
  const logins = new Map<string, Login>();
  const malformed: Fault[] = [];
  if (Object.keys(config).join() !== 'auths')
    malformed.push({ key: undefined, what: 'is not {"auths": …} and nothing else' });
  for (const [server, value] of Object.entries(fieldsOf(config.auths))) {
    const key = kubeletKey(server);
    const entry = fieldsOf(value);
    const { username = '', password = '', email } = entry as Record<string, string | undefined>;
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    if (logins.has(key)) malformed.push({ key, what: `has two entries for ${key}` });
    if (Object.keys(entry).some(field => !FIELDS.includes(field)))
      malformed.push({ key, what: `has a field in the entry of ${key} that no login has` });
    if (entry.auth !== auth)
      malformed.push({ key, what: `has an entry of ${key} without the auth of its user and password` });
    logins.set(key, { server, username, password, ...(email === undefined ? {} : { email }) });
  }
  return { logins, malformed };
}

/** Where the content is not what it ought to be. */
export function faultsOf({ logins, malformed }: Content, wanted: ReadonlyMap<string, DesiredLogin>): Fault[] {
  const faults = [...malformed];
  for (const [key, { anyOf, optional }] of wanted) {
    const login = logins.get(key);
    if (login === undefined) {
      if (!optional) faults.push({ key, what: `lacks the login of ${key}` });
    } else if (!anyOf.some(right => sameLogin(right, login))) {
      faults.push({ key, what: `has a login of ${key} that is not the right one` });
    }
  }
  for (const key of logins.keys())
    if (!wanted.has(key)) faults.push({ key, what: `has a login of ${key} that nobody gives` });
  return faults;
}
