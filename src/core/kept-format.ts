// What the operator keeps of the logins of one RegistryCredential, in a Secret of its own namespace, so that they
// outlive it. Of another version, or spoilt by hand, it counts as nothing kept.

import { registries as registriesSchema } from '../api/registry-schema.ts';
import { misshapen } from '../api/shape.ts';
import type { RegistrySpec } from '../api/types.ts';
import type { AuthEntry } from './auth-entry.ts';
import { encodeDockerConfig, encodeEntry } from './docker-config.ts';
import { isObject, readLogin } from './login.ts';
import { serverKey } from './server-key.ts';
import type { Token } from './token.ts';
import type { RejectedLogin } from './verified.ts';

/** One item of `spec.registries` that gave a login, or may have given one. Holds it: never log it. */
export interface KeptRegistry {
  /** As it was when it gave the login. */
  readonly spec: RegistrySpec;
  /** None: an earlier run may have known some. */
  readonly entries: readonly AuthEntry[];
  /** As of RegistryMaterial. */
  readonly earlier: readonly string[];
  /** Logins that their registry rejected, whether or not they were given. */
  readonly rejected: readonly RejectedLogin[];
  /** It is here for these alone. */
  readonly gaveNone?: boolean;
  /** Of a source of tokens. */
  readonly token?: Omit<Token, 'entries'>;
  /** The token that its source gave last, where that, or a part of it, is held back. */
  readonly offered?: Token;
}

export interface Kept {
  /** A successor of the same name starts anew. */
  readonly credential: { readonly name: string; readonly uid: string };
  /** In the order of `spec.registries`, with a gap for each that never gave a login. */
  readonly registries: readonly (KeptRegistry | undefined)[];
}

const VERSION = 1;

/** Kubernetes refuses a Secret over 1,048,576 bytes of data; 64 registries without their logins take some 40,000. */
const MAX_BYTES = 1_000_000;

/** The same logins give the same bytes. Those that have no room any more are left out: a Secret holds a megabyte. */
export function encodeKept({ credential: { name, uid }, registries }: Kept): string {
  let size = 0;
  const items = registries.map(registry => {
    if (registry === undefined) return 'null';
    const item = encodeRegistry(registry);
    const grown = size + Buffer.byteLength(item);
    if (grown > MAX_BYTES)
      return encodeRegistry({ spec: registry.spec, entries: [], earlier: [], rejected: [] });
    size = grown;
    return item;
  });
  const head = JSON.stringify({ version: VERSION, credential: { name, uid } }).slice(0, -1);
  return `${head},"registries":[${items.join(',')}]}`;
}

// The logins stand there as they do in a docker config, so that whatever masks them there masks them here.
function encodeRegistry({ spec, entries, earlier, rejected, gaveNone, ...tokens }: KeptRegistry): string {
  const { token, offered } = tokens;
  const head = JSON.stringify({
    spec,
    ...(earlier.length > 0 && { earlier }),
    ...(rejected.length > 0 && { rejected }),
    ...(gaveNone === true && { gaveNone }),
    ...(token && { token }),
  });
  const besides = offered ? `,"offered":${encodeToken(offered)}` : '';
  return `${head.slice(0, -1)}${besides},${encodeDockerConfig(entries).slice(1)}`;
}

const encodeToken = ({ key, fetchedAt, expiresAt, entries }: Token): string =>
  `${JSON.stringify({ key, fetchedAt, expiresAt }).slice(0, -1)},${encodeDockerConfig(entries).slice(1)}`;

/** Never throws. */
export function decodeKept(text: string): Kept | undefined {
  const kept = parse(text);
  if (!isObject(kept) || kept.version !== VERSION) return undefined;
  const { credential, registries } = kept;
  if (!isObject(credential) || !Array.isArray(registries)) return undefined;
  const { name, uid } = credential;
  if (typeof name !== 'string' || typeof uid !== 'string') return undefined;
  return { credential: { name, uid }, registries: registries.map(decodeRegistry) };
}

function decodeRegistry(item: unknown): KeptRegistry | undefined {
  if (!isObject(item) || !isObject(item.auths)) return undefined;
  const { spec, auths, earlier, rejected, gaveNone, token, offered } = item;
  if (misshapen(registriesSchema.items, spec, 'spec') !== undefined) return undefined;
  return {
    spec: spec as RegistrySpec,
    entries: decodeEntries(auths),
    earlier: Array.isArray(earlier) ? earlier.filter(id => typeof id === 'string') : [],
    rejected: Array.isArray(rejected) ? rejected.filter(isRejected) : [],
    ...(gaveNone === true && { gaveNone }),
    ...(isToken(token) && { token: { ...token, expiresAt: token.expiresAt } }),
    ...(isObject(offered) && isObject(offered.auths) && decodeOffered(offered, offered.auths)),
  };
}

function decodeOffered(offered: object, auths: object): { readonly offered?: Token } {
  if (!isToken(offered)) return {};
  const { key, fetchedAt, expiresAt } = offered;
  return { offered: { key, fetchedAt, expiresAt, entries: decodeEntries(auths) } };
}

const decodeEntries = (auths: object): AuthEntry[] =>
  Object.entries(auths).flatMap(([server, login]) => decodeEntry(server, login) ?? []);

function decodeEntry(server: string, value: unknown): AuthEntry | undefined {
  const read = readLogin(value);
  return read.ok && serverKey(server) !== undefined ? encodeEntry({ server, ...read.login }) : undefined;
}

const isToken = (token: unknown): token is Omit<Token, 'entries'> =>
  isObject(token) &&
  typeof token.key === 'string' &&
  Number.isFinite(token.fetchedAt) &&
  (token.expiresAt === undefined || Number.isFinite(token.expiresAt));

const isRejected = (one: unknown): one is RejectedLogin =>
  isObject(one) && typeof one.id === 'string' && typeof one.message === 'string';

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The error quotes what it read.
    return undefined;
  }
}
