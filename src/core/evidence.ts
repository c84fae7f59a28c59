// What an explanation rests on, as a value that can be printed as it is: no password, and no user name
// unless somebody asks for it.

import type { Match, Mismatch, RingLogin } from './keyring.ts';
import type { PullFacts } from './pull-facts.ts';
import type { Situation } from './pull-situation.ts';
import { originOf } from './secret-origin.ts';
import { shownMatch, shownServer } from './shown-server.ts';

export interface Evidence {
  /** In full, as the runtime asks for it. */
  readonly image: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly pod?: {
    readonly name: string;
    readonly container: string;
    readonly state: string;
    readonly events: readonly string[];
  };
  /** Those of the pod, or of a pod to come, in their order. */
  readonly secrets: readonly SecretLine[];
  /** In the order in which the kubelet tries them. */
  readonly tried: readonly LoginLine[];
  readonly others: readonly LoginLine[];
  /** What could not be read, and would have been of use. */
  readonly unread: readonly string[];
}

export interface SecretLine {
  readonly name: string;
  readonly state: string;
  readonly origin?: string;
}

export interface LoginLine {
  readonly server: string;
  readonly secret: string;
  readonly origin: string;
  readonly why: string;
  /** May be left out. */
  readonly user?: string;
  /** What the registry says of it, if it was asked. */
  readonly checked?: string;
}

export function evidenceOf(situation: Situation): Evidence {
  const { facts, names, lookup } = situation;
  const line = (login: RingLogin, server: string, why: string): LoginLine => ({
    server,
    secret: login.secret,
    origin: originOf(facts, login.secret)?.title ?? '',
    why,
    user: login.username,
  });
  return {
    image: facts.image.fullName,
    namespace: facts.namespace,
    serviceAccount: facts.accountName,
    ...podLine(facts),
    secrets: [...new Set(names)].map(name => secretLine(facts, name)),
    tried: lookup.tried.map(({ login, match }) => line(login, shownMatch(login), whyMatch(match, login))),
    others: lookup.others.map(({ login, mismatch }) => line(login, shownServer(login), WHY_NOT[mismatch])),
    unread: [...situation.unread, ...unreadAround(facts)],
  };
}

function whyMatch(match: Match, { isEmpty }: RingLogin): string {
  const empty = isEmpty ? ', but it holds no login' : '';
  if (match.by === 'docker-hub') return `nothing else matches, and the image falls to Docker Hub${empty}`;
  const { host, path, isWildcard } = match;
  const port = /:\d+$/.test(host) ? ' and port' : '';
  const first = isWildcard ? `host${port} by the wildcard ${host}` : `host${port}`;
  return `${first}${path === '' ? '' : `, path begins with ${path}`}${empty}`;
}

const WHY_NOT: Readonly<Record<Mismatch, string>> = {
  skipped: 'the kubelet passes over it: no address that an image can have',
  host: 'another host',
  parts: 'another host: as many parts between dots are needed',
  port: 'another port, or one where the other has none',
  path: 'another path',
  'ipv6-without-port': 'an IPv6 address without a port matches nothing',
  'docker-hub-only': 'is for Docker Hub only when nothing else matches',
};

function secretLine(facts: PullFacts, name: string): SecretLine {
  const seen = facts.secrets.get(name);
  if (seen === undefined || seen.state === 'absent') return { name, state: 'not there' };
  if (seen.state === 'unread') return { name, state: `not read (${seen.why})` };
  const origin = originOf(facts, name)?.title ?? '';
  const { content } = seen.value;
  if (content.state === 'ignored') return { name, state: `passed over: it ${content.message}`, origin };
  if (content.state === 'broken') return { name, state: `broken: it ${content.message}`, origin };
  const count = content.logins.length;
  return { name, state: `${count} ${count === 1 ? 'login' : 'logins'}`, origin };
}

function podLine({ pod }: PullFacts): Pick<Evidence, 'pod'> {
  if (pod === undefined) return {};
  const { name, container, pull, events } = pod;
  const state = pull.state === 'failing' ? `${pull.reason}: ${pull.message}` : pull.state;
  return { pod: { name, container, state, events } };
}

function unreadAround({ credentials, place, account, pod, accountName, namespace }: PullFacts): string[] {
  return [
    ...(credentials.state === 'unread' ? [`RegistryCredentials (${credentials.why})`] : []),
    ...(credentials.state === 'absent' ? ['RegistryCredentials (this cluster does not have the kind)'] : []),
    ...(place.state === 'unread' ? [`namespace ${namespace} (${place.why})`] : []),
    ...(pod !== undefined && account.state === 'unread'
      ? [`ServiceAccount ${namespace}/${accountName} (${account.why})`]
      : []),
  ];
}
