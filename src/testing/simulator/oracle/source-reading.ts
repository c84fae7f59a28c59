// What a source Secret gives, for one entry of spec.registries. Where neither DESIGN.md nor FACTS.md says
// whether something is a good login, it is in doubt: both answers are right then.

import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE, DOCKER_HUB_SERVER } from '../../../api/names.ts';
import type { RegistrySpec } from '../../../api/types.ts';
import { isPlainServer, kubeletKey } from './kubelet-key.ts';
import type { Login, Secret } from './snapshot.ts';

export interface Reading {
  readonly logins: readonly Login[];
  /** Perhaps good, perhaps not. */
  readonly doubtful: readonly Login[];
  /** Keys of entries that are no login. */
  readonly bad: readonly string[];
}

const NOTHING: Reading = { logins: [], doubtful: [], bad: [] };

export const sourceName = (registry: RegistrySpec): string =>
  registry.basic?.secretRef.name ?? registry.dockerConfig?.secretRef.name ?? '';

export function read(registry: RegistrySpec, secret: Secret | undefined): Reading {
  if (secret === undefined) return NOTHING;
  return registry.basic === undefined
    ? readDockerConfig(secret)
    : readBasic(secret, registry.server ?? DOCKER_HUB_SERVER);
}

function readBasic(secret: Secret, server: string): Reading {
  const username = textOf(secret, 'username');
  const password = textOf(secret, 'password');
  if (!username || !password || username.includes(':')) return NOTHING;
  const email = textOf(secret, 'email');
  const login = loginOf(server, username, password, email);
  const strange =
    // A docker config by its type, or the line break that echo leaves behind.
    secret.type?.startsWith('kubernetes.io/dockerc') ||
    /[\r\n]$/.test(username) ||
    /[\r\n]$/.test(password) ||
    (email === undefined && secret.data?.email !== undefined);
  return strange || !isPlainServer(server)
    ? { ...NOTHING, doubtful: [login] }
    : { ...NOTHING, logins: [login] };
}

function readDockerConfig(secret: Secret): Reading {
  const text = textOf(secret, DOCKER_CONFIG_KEY);
  if (secret.type !== DOCKER_CONFIG_TYPE || text === undefined) return NOTHING;
  const auths = fieldsOf(fieldsOf(parse(text)).auths);
  const logins: Login[] = [];
  const doubtful: Login[] = [];
  const bad: string[] = [];
  for (const [server, entry] of Object.entries(auths)) {
    const { login, sure } = readEntry(server, fieldsOf(entry));
    if (login === undefined) bad.push(kubeletKey(server));
    else if (sure && isPlainServer(server)) logins.push(login);
    else doubtful.push(login);
  }
  return { logins, doubtful, bad };
}

function readEntry(server: string, entry: Record<string, unknown>): { login?: Login; sure: boolean } {
  const { username, password, email, auth } = entry;
  if (auth !== undefined && auth !== '') {
    const decoded = typeof auth === 'string' ? decodeAuth(auth) : undefined;
    if (decoded === undefined) return { sure: true };
    const login = loginOf(server, decoded.username, decoded.password, email);
    return { login, sure: decoded.username !== '' && decoded.password !== '' };
  }
  if (typeof username !== 'string' || typeof password !== 'string') return { sure: true };
  // With a colon in the name, no `auth` could say it.
  if (username === '' || password === '' || username.includes(':')) return { sure: true };
  return { login: loginOf(server, username, password, email), sure: true };
}

/** Base64 of user:password, split at the first colon; undefined where it is not. */
function decodeAuth(auth: string): { username: string; password: string } | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(auth) || auth.length % 4 !== 0) return undefined;
  const text = decode(auth);
  const colon = text?.indexOf(':') ?? -1;
  return text === undefined || colon < 0
    ? undefined
    : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

function loginOf(server: string, username: string, password: string, email: unknown): Login {
  const login = { server, username, password };
  return typeof email === 'string' && email !== '' ? { ...login, email } : login;
}

const textOf = (secret: Secret, key: string): string | undefined => {
  const base64 = secret.data?.[key];
  return base64 === undefined ? undefined : decode(base64);
};

/** Undefined where the bytes are no UTF-8. */
function decode(base64: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
