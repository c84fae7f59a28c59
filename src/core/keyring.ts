// Which logins the kubelet tries for an image, in which order, and why. After BasicDockerKeyring in
// pkg/credentialprovider/keyring.go; asked of the kubelet's own code, it gives the same.

import { compareBytes } from './go-json.ts';
import { type Address, addressOf } from './keyring-key.ts';
import type { PullLogin } from './pull-secret.ts';
import { matchesName } from './selector.ts';

/** A login, and the Secret that it is of. */
export interface RingLogin extends PullLogin {
  readonly secret: string;
}

export type Match =
  | { readonly by: 'address'; readonly host: string; readonly path: string; readonly isWildcard: boolean }
  /** Nothing matched, and the image is of Docker Hub. */
  | { readonly by: 'docker-hub' };

/** Why a login is not for an image. */
export type Mismatch =
  | 'skipped'
  | 'host'
  | 'parts'
  | 'port'
  | 'path'
  | 'ipv6-without-port'
  | 'docker-hub-only';

export interface Lookup {
  /** In the order in which they are tried. Those of one key in one Secret come in any order. */
  readonly tried: readonly { readonly login: RingLogin; readonly match: Match }[];
  /** Sorted like `tried`. */
  readonly others: readonly { readonly login: RingLogin; readonly mismatch: Mismatch }[];
}

const DOCKER_HUB_KEY = 'index.docker.io';

/** `logins`: those of the pod's Secrets, in the order of its imagePullSecrets. `repository`: host/path in full. */
export function lookUp(repository: string, logins: readonly RingLogin[]): Lookup {
  // The sort is stable: for one key the order of the Secrets stays.
  const sorted = logins.toSorted((a, b) => compareBytes(b.key ?? '', a.key ?? ''));
  const found = sorted.map(login => ({ login, ...compare(login.key, repository) }));
  const tried = found.flatMap(({ login, match }) => (match ? { login, match } : []));
  const isFallback = tried.length === 0 && fallsBackToDockerHub(repository);
  const isHub = ({ login }: { login: RingLogin }): boolean => isFallback && login.key === DOCKER_HUB_KEY;
  return {
    tried: [
      ...tried,
      ...found.filter(isHub).map(({ login }) => ({ login, match: { by: 'docker-hub' } as const })),
    ],
    others: found
      .filter(one => !isHub(one))
      .flatMap(({ login, mismatch }) => {
        if (mismatch === undefined) return [];
        const outdone = login.key === DOCKER_HUB_KEY && fallsBackToDockerHub(repository);
        return { login, mismatch: outdone ? 'docker-hub-only' : mismatch };
      }),
  };
}

interface Comparison {
  readonly match?: Match;
  readonly mismatch?: Mismatch;
}

function compare(key: string | undefined, repository: string): Comparison {
  // The kubelet takes its own key for an address once more.
  const login = key === undefined ? undefined : addressOf(key);
  const image = addressOf(repository);
  if (login === undefined || image === undefined) return { mismatch: 'skipped' };
  const mismatch = mismatchOf(login, image);
  if (mismatch !== undefined) return { mismatch };
  const { host, path } = login;
  return { match: { by: 'address', host, path, isWildcard: host.includes('*') } };
}

function mismatchOf(login: Address, image: Address): Mismatch | undefined {
  const [own, theirs] = [splitHost(login.host), splitHost(image.host)];
  if (own.parts.length !== theirs.parts.length) return 'parts';
  if (!own.parts.every((part, index) => matchesPart(part, theirs.parts[index] ?? '')))
    // It is taken for a class of characters: it matches one, and not an address.
    return own.parts[0]?.startsWith('[') ? 'ipv6-without-port' : 'host';
  if (own.port !== theirs.port) return 'port';
  return image.path.startsWith(login.path) ? undefined : 'path';
}

/** Like Go's net.SplitHostPort: without a port, brackets stay. */
function splitHost(host: string): { parts: string[]; port: string } {
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(host) ?? [];
  return { parts: (bracketed ?? plain ?? host).split('.'), port };
}

/** Go's filepath.Match. Of its `?` and `[…]` only one form gets into an address: IPv6 with its brackets left on. */
function matchesPart(pattern: string, text: string): boolean {
  if (pattern.startsWith('[') && pattern.endsWith(']')) return text.length === 1 && pattern.includes(text);
  return matchesName(pattern, text);
}

/** Also a host without dot and port, which only `localhost` and one with a capital can be. */
export function fallsBackToDockerHub(repository: string): boolean {
  const [host = ''] = repository.split('/', 1);
  return host === 'docker.io' || host === DOCKER_HUB_KEY || !/[.:]/.test(host);
}
