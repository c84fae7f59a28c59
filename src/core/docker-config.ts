// The content of a kubernetes.io/dockerconfigjson Secret: written with the very bytes
// that kubectl writes (the kubelet remembers pulls by a hash of the login), and read
// so that what would break the kubelet's keyring never gets into a Secret of ours.

import { createHash } from 'node:crypto';
import type { AuthEntry, BadEntry } from './auth-entry.ts';
import { compareBytes, goJson } from './go-json.ts';
import { outermostNames } from './json-members.ts';
import { fieldsOf, foldedName, isObject, type Login, readLogin } from './login.ts';
import type { SecretContent } from './records.ts';
import { namesRegistry, serverKey } from './server-key.ts';

export type ParsedDockerConfig =
  | { readonly ok: true; readonly entries: readonly AuthEntry[]; readonly bad: readonly BadEntry[] }
  | { readonly ok: false; readonly message: string };

/** In bytes. Kubernetes refuses a Secret over 1 MiB of data (1,048,576); the rest is headroom. */
export const MAX_DOCKER_CONFIG_BYTES = 1_000_000;

/** `server` must have a key: ask serverKey first. */
export function encodeEntry({ server, username, password, email }: Login & { server: string }): AuthEntry {
  const key = serverKey(server);
  if (key === undefined) throw new TypeError('could not encode a login: its server has no key');
  const json = loginJson({
    username,
    password,
    email,
    auth: Buffer.from(`${username}:${password}`).toString('base64'),
  });
  return { server, key, json, digest: digestOf(json) };
}

/** The same login for another server, which has a key. */
export function entryFor(entry: AuthEntry, server: string): AuthEntry {
  return { ...entry, server, key: serverKey(server) ?? entry.key };
}

/** The whole `.dockerconfigjson`. The same entries give the same bytes in any order. */
export function encodeDockerConfig(entries: readonly AuthEntry[]): string {
  const auths = entries
    .toSorted((a, b) => compareBytes(a.server, b.server))
    .map(({ server, json }) => `${goJson(server)}:${json}`);
  return `{"auths":{${auths.join(',')}}}`;
}

/** Never throws, and quotes nothing but the servers that look like one. Entries are sorted by server. */
export function parseDockerConfig(text: string): ParsedDockerConfig {
  const auths = authsOf(text);
  if (auths === undefined) return { ok: false, message: 'not a JSON object with an object "auths"' };
  // The kubelet would merge them, and JSON.parse has dropped all but one.
  if (outermostNames(text).filter(name => foldedName(name) === 'auths').length > 1)
    return { ok: false, message: 'a JSON object with more than one "auths", to be put into one' };
  const entries = new Map<string, AuthEntry>();
  const bad: BadEntry[] = [];
  for (const [server, value] of auths) {
    const entry = readEntry(server, value);
    const first = 'key' in entry ? entries.get(entry.key) : undefined;
    if (!('key' in entry)) bad.push(entry);
    else if (first === undefined) entries.set(entry.key, entry);
    else if (first.json !== entry.json) bad.push({ server, message: duplicateMessage(first.server) });
  }
  return { ok: true, entries: [...entries.values()], bad };
}

/** Ours have no more: each takes some 60 bytes of the Secret. More is a content made by hand, not worth its memory. */
const MAX_KNOWN_ENTRIES = 16_384;

/** Of the text of `.dockerconfigjson`, whoever wrote it. An entry of ours has the digest of its AuthEntry. */
export function contentOf(text: string): SecretContent {
  const digest = digestOf(text);
  const entries = new Map<string, string>();
  for (const [server, value] of authsOf(text) ?? []) {
    const key = serverKey(server);
    if (key === undefined || entries.has(key) || !isObject(value)) continue;
    if (entries.size === MAX_KNOWN_ENTRIES) return { digest, entries: new Map() };
    entries.set(key, digestOf(loginJson(value)));
  }
  return { digest, entries };
}

function readEntry(server: string, value: unknown): AuthEntry | BadEntry {
  const key = serverKey(server);
  if (key === undefined || !namesRegistry(key)) {
    const message =
      'a key of auths is not shown, as it is no registry and may be a password: write host.domain[:port][/path]';
    return { server: undefined, message };
  }
  const read = readLogin(value);
  return read.ok ? encodeEntry({ server, ...read.login }) : { server, message: read.message };
}

function duplicateMessage(server: string): string {
  return `to the kubelet this is the same server as ${server}, whose login is used: remove one of the two`;
}

/** Sorted by server; undefined when it is not a docker config. The error of JSON.parse quotes its input: dropped. */
function authsOf(text: string): [string, unknown][] | undefined {
  const config = parseJson(text);
  const auths = isObject(config) ? fieldsOf(config).get('auths') : undefined;
  if (!isObject(auths)) return undefined;
  return Object.entries(auths)
    .map(([server, value]): [string, unknown] => [server.toWellFormed(), value])
    .sort(([a], [b]) => compareBytes(a, b));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The four fields in kubectl's order, without empty ones and whatever else is there. */
function loginJson(fields: Readonly<Record<string, unknown>>): string {
  const text = (name: string): string | undefined => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return typeof value === 'string' && value !== '' ? value.toWellFormed() : undefined;
  };
  return goJson({
    username: text('username'),
    password: text('password'),
    email: text('email'),
    auth: text('auth'),
  });
}

/** sha256 in hex; of the text of `.dockerconfigjson` it is the digest of its content. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
