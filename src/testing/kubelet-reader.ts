// How a kubelet reads a docker config, written anew from its rules, to hold ours against. It knows nothing of what
// we refuse. The kubelet itself is asked in e2e/api/kubelet-agrees.e2e.ts.

export interface KubeletLogin {
  readonly username: string;
  readonly password: string;
  readonly email: string;
}

/** By the keys of `auths` as they stand there; undefined: an entry on which the kubelet gives up altogether. */
export function readAsKubelet(text: string): Map<string, KubeletLogin | undefined> {
  const config: unknown = JSON.parse(text, wellFormed);
  const logins = new Map<string, KubeletLogin | undefined>();
  for (const [server, entry] of membersOf(member(config, 'auths')))
    logins.set(server.toWellFormed(), readEntry(entry));
  return logins;
}

function readEntry(entry: unknown): KubeletLogin | undefined {
  if (entry !== null && (typeof entry !== 'object' || Array.isArray(entry))) return undefined;
  const [username, password, email, auth] = ['username', 'password', 'email', 'auth'].map(
    name => member(entry, name) ?? '',
  );
  if (![username, password, email, auth].every(value => typeof value === 'string')) return undefined;
  const plain = { username, password, email } as KubeletLogin;
  if (auth === '') return plain;
  const decoded = decodeAuth(auth as string);
  return decoded && { ...plain, ...decoded };
}

function decodeAuth(auth: string): Pick<KubeletLogin, 'username' | 'password'> | undefined {
  const digits = auth.replace(/[\r\n]/g, '');
  const isPadded = /=\s*$/.test(auth);
  const form = isPadded
    ? /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)$/
    : /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2,3})?$/;
  if (!form.test(digits)) return undefined;
  const decoded = Buffer.from(digits, 'base64').toString();
  const colon = decoded.indexOf(':');
  return colon < 0 ? undefined : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

/** Names in any case; of several the last that is not null. */
const member = (object: unknown, name: string): unknown =>
  membersOf(object)
    .filter(
      ([key, value]) => value !== null && new RegExp(`^${name.replaceAll('s', '[s\u017f]')}$`, 'i').test(key),
    )
    .at(-1)?.[1];

/** Go has no half characters. */
const wellFormed = (_name: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed() : value;

const membersOf = (object: unknown): [string, unknown][] =>
  typeof object === 'object' && object !== null && !Array.isArray(object) ? Object.entries(object) : [];
