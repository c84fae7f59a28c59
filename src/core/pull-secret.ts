// A Secret as the kubelet reads it for a pull, whoever made it. Of a login the user name is kept, for it
// may be asked for; a password leaves this file by loginFor only.

import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE } from '../api/names.ts';
import { compareBytes } from './go-json.ts';
import { keyringKey } from './keyring-key.ts';
import { decodeBase64, foldedName, isObject, type Login, readLogin as readLoginText } from './login.ts';

const OLD_TYPE = 'kubernetes.io/dockercfg';
const OLD_KEY = '.dockercfg';

/** `data` as in the API: base64. */
export interface SecretData {
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
}

export interface PullLogin {
  /** The key of `auths` as it stands there; may be anything: ask before it is shown. */
  readonly server: string;
  /** host[:port][/path] as the kubelet keeps it; undefined: it passes over this entry. */
  readonly key: string | undefined;
  readonly username: string;
  /** Neither user name nor password: it matches all the same. */
  readonly isEmpty: boolean;
}

export type PullSecret =
  /** `logins` sorted by server. */
  | { readonly state: 'read'; readonly logins: readonly PullLogin[] }
  /** The kubelet passes over it without a word. `message` ends the sentence "Secret NAME …". */
  | { readonly state: 'ignored'; readonly message: string }
  /**
   * On this the kubelet gives up, and with it on all other Secrets of the pod. `server`: whose entry it is,
   * if it is one's; `message` ends the sentence "Secret NAME …", or "the entry … of Secret NAME …".
   */
  | { readonly state: 'broken'; readonly server: string | undefined; readonly message: string };

export function readPullSecret({ type, data }: SecretData): PullSecret {
  const isOld = type === OLD_TYPE;
  if (!isOld && type !== DOCKER_CONFIG_TYPE)
    return { state: 'ignored', message: `is of type ${type}, not ${DOCKER_CONFIG_TYPE}` };
  const key = isOld ? OLD_KEY : DOCKER_CONFIG_KEY;
  const text = Buffer.from(data[key] ?? '', 'base64').toString();
  if (text === '') return { state: 'ignored', message: `has nothing under ${key}` };
  const content = parse(text);
  if (content === undefined) return broken('is not JSON');
  const auths = isOld ? content : authsOf(content);
  if (auths === null) return { state: 'read', logins: [] };
  if (!isObject(auths)) return broken(isOld ? 'is no JSON object' : 'has no JSON object "auths"');
  return readLogins(auths);
}

/** With its password, for who asks the registry; undefined where there is none, or it is empty. */
export function loginFor({ type, data }: SecretData, server: string): Login | undefined {
  const isOld = type === OLD_TYPE;
  const content = parse(Buffer.from(data[isOld ? OLD_KEY : DOCKER_CONFIG_KEY] ?? '', 'base64').toString());
  const auths = isOld ? content : authsOf(content);
  const entry = isObject(auths) && Object.hasOwn(auths, server) ? auths[server] : undefined;
  const read = readLoginText(entry);
  return read.ok ? read.login : undefined;
}

function readLogins(auths: Readonly<Record<string, unknown>>): PullSecret {
  const logins: PullLogin[] = [];
  for (const [server, entry] of Object.entries(auths)) {
    const read = readLogin(entry);
    if (typeof read === 'string') return { state: 'broken', server, message: read };
    logins.push({ server, key: keyringKey(server), ...read });
  }
  return { state: 'read', logins: logins.sort((a, b) => compareBytes(a.server, b.server)) };
}

/** Null where there is none, which is as good as an empty one; what is not an object is for the caller to refuse. */
function authsOf(content: unknown): unknown {
  if (content === null) return null;
  if (!isObject(content)) return undefined;
  let auths: unknown = null;
  for (const [name, value] of Object.entries(content)) {
    const field = foldedName(name);
    if (field === 'httpheaders' && !isMapOfTexts(value)) return undefined;
    if (field !== 'auths') continue;
    // Go takes field names in any case, and adds the entries of one to those of the others.
    auths = isObject(auths) && isObject(value) ? { ...auths, ...value } : value;
    if (auths !== null && !isObject(auths)) return undefined;
  }
  return auths;
}

const isMapOfTexts = (value: unknown): boolean =>
  value === null || (isObject(value) && Object.values(value).every(isTextOrNull));

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';

type Read = Pick<PullLogin, 'username' | 'isEmpty'> | string;

/** A string says what is wrong. Go's rules, which are laxer than those of readLogin for what we would write. */
function readLogin(entry: unknown): Read {
  if (entry === null) return { username: '', isEmpty: true };
  if (!isObject(entry)) return 'is no JSON object';
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(entry)) {
    const field = foldedName(name);
    if (!FIELDS.has(field)) continue;
    if (!isTextOrNull(value)) return `has a ${field} that is not a string`;
    if (value !== null) fields[field] = value;
  }
  const { username = '', password = '', auth = '' } = fields;
  return auth === '' ? { username, isEmpty: username === '' && password === '' } : readAuth(auth);
}

const FIELDS: ReadonlySet<string> = new Set(['username', 'password', 'email', 'auth']);

function readAuth(auth: string): Read {
  const bytes = decodeBase64(auth);
  if (bytes === undefined) return 'has an auth that is not base64 of username:password';
  const colon = bytes.indexOf(':');
  if (colon < 0) return 'has an auth without a colon once it is decoded';
  return { username: bytes.subarray(0, colon).toString(), isEmpty: bytes.length === 1 };
}

/** The error of JSON.parse quotes its input: dropped. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const broken = (message: string): PullSecret => ({ state: 'broken', server: undefined, message });
