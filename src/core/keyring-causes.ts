// What the Secrets of a pod, the logins in them and the registry's answer come to.

import { type Cause, cause, listed } from './pull-cause.ts';
import type { PullFacts } from './pull-facts.ts';
import type { Situation } from './pull-situation.ts';
import { originOf } from './secret-origin.ts';
import { shellWord } from './shell-word.ts';
import { shownMatch, shownServer } from './shown-server.ts';

export function isPulled({ facts }: Situation): Cause | undefined {
  if (facts.pod?.pull.state !== 'done') return undefined;
  return cause('Pulled', `container ${facts.pod.container} has its image`);
}

export function isBroken({ broken, facts }: Situation): Cause | undefined {
  if (broken === undefined) return undefined;
  const { namespace, secrets } = facts;
  const { server } = broken;
  const entry = server === undefined ? '' : `, entry ${shownServer({ server, key: undefined })},`;
  return cause(
    'KeyringBroken',
    `Secret ${namespace}/${broken.name}${entry} ${broken.message}: on this the kubelet gives up all logins of the pod, those of other Secrets too`,
    secrets.get(broken.name)?.state === 'read' ? renew(facts, broken.name) : undefined,
  );
}

export function isNeverPulled({ facts }: Situation): Cause | undefined {
  const pull = facts.pod?.pull;
  if (pull?.state !== 'failing' || pull.reason !== 'ErrImageNeverPull') return undefined;
  return cause(
    'NeverPulled',
    'imagePullPolicy is Never, and the node does not have the image, or not for the logins of this pod',
  );
}

export function isHeldBack({ answer }: Situation): Cause | undefined {
  if (answer !== 'held-back') return undefined;
  return cause(
    'RateLimited',
    'the kubelet pulls no more images at once than it is allowed (registryBurst); it tries again by itself',
  );
}

export function isLimited({ answer, facts }: Situation): Cause | undefined {
  if (answer !== 'rate-limited') return undefined;
  return cause(
    'RateLimited',
    `${facts.image.host} answers that it is asked too often: a login of its own may be allowed more`,
  );
}

export function isUnreachable({ answer, facts }: Situation): Cause | undefined {
  if (answer !== 'unreachable') return undefined;
  return cause(
    'RegistryUnreachable',
    `the node cannot talk to ${facts.image.host}, which no login mends: ${saidBy(facts)}`,
  );
}

/** What a registry answers to whoever may not see an image can be this too. */
export function lacksImage({ answer, facts, lookup }: Situation): Cause | undefined {
  if (answer !== 'not-found') return undefined;
  const hint =
    lookup.tried.length > 0 ? 'or does not show it to this login' : 'or does not show it without a login';
  return cause('ImageNotFound', `${facts.image.host} does not have ${facts.image.fullName}, ${hint}`);
}

export function isRefused({ answer, facts, lookup }: Situation): Cause | undefined {
  if (answer !== 'denied') return undefined;
  const secrets = [...new Set(lookup.tried.map(({ login }) => login.secret))];
  const which = lookup.tried.length === 1 ? 'the login' : `each of ${lookup.tried.length} logins`;
  const servers = listed([...new Set(lookup.tried.map(({ login }) => shownMatch(login)))]);
  const [first = ''] = secrets;
  return cause(
    'LoginRefused',
    `${facts.image.host} refuses ${which} for ${servers} from Secret ${listed(secrets.map(name => `${facts.namespace}/${name}`))}; ` +
      'once a login matches, the kubelet does not pull without one, so public images fail too',
    originOf(facts, first)?.renewal ?? renew(facts, first, lookup.tried[0]?.login.server),
  );
}

/** Login OK is not pull OK. */
export function isDenied({ answer, facts, lookup }: Situation): Cause | undefined {
  if (answer !== 'pull-denied') return undefined;
  const servers = listed([...new Set(lookup.tried.map(({ login }) => shownMatch(login)))]);
  return cause(
    'PullDenied',
    `${facts.image.host} accepts the login for ${servers}, but does not let it pull ${facts.image.fullName}: ask whoever gives rights there`,
  );
}

export function lacksLoginInEntry({ facts, lookup }: Situation): Cause | undefined {
  const [first] = lookup.tried;
  if (first === undefined || !lookup.tried.every(({ login }) => login.isEmpty)) return undefined;
  const { secret, server } = first.login;
  return cause(
    'LoginEmpty',
    `the entry ${shownMatch(first.login)} of Secret ${facts.namespace}/${secret} matches, but holds neither user name nor password`,
    originOf(facts, secret)?.renewal ?? renew(facts, secret, server),
  );
}

export function isFound({ answer, facts, lookup }: Situation): Cause | undefined {
  const [first] = lookup.tried;
  if (first === undefined) return undefined;
  const message = `the login for ${shownMatch(first.login)} from Secret ${facts.namespace}/${first.login.secret} is tried first`;
  const isFailing = facts.pod?.pull.state === 'failing';
  if (answer === 'given') {
    const again = isFailing ? ' now; the kubelet tries again by itself' : '';
    return cause(
      'LoginFound',
      `${message}, and ${facts.image.host} gives the image to a login that matches${again}`,
    );
  }
  if (!isFailing) return cause('LoginFound', message);
  return cause('PullFailed', `${message}, and the pull failed all the same: ${saidBy(facts)}`);
}

/** Names that no RegistryCredential would give. */
export function lacksSecretOfOthers(situation: Situation): Cause | undefined {
  const { credentials } = situation.facts;
  const ours = credentials.state === 'read' ? credentials.value.map(({ spec }) => spec.secretName) : [];
  return missing(situation, name => !ours.includes(name));
}

export const lacksSecret = (situation: Situation): Cause | undefined => missing(situation, () => true);

function missing({ facts, names }: Situation, isMeant: (name: string) => boolean): Cause | undefined {
  const absent = [...new Set(names)].filter(
    name => facts.secrets.get(name)?.state === 'absent' && isMeant(name),
  );
  const [first] = absent;
  if (first === undefined) return undefined;
  const owner = facts.pod === undefined ? `ServiceAccount ${facts.accountName}` : `pod ${facts.pod.name}`;
  const secrets = listed(absent.map(name => `${facts.namespace}/${name}`));
  // Any text can be named; what kubectl would take for an option gets into no command.
  const isOption = first.startsWith('-');
  return cause(
    'SecretMissing',
    `${owner} names Secret ${secrets}, which is not there`,
    isOption ? undefined : renew(facts, first),
  );
}

export function passesOver({ facts, names }: Situation): Cause | undefined {
  for (const name of names) {
    const seen = facts.secrets.get(name);
    if (seen?.state !== 'read' || seen.value.content.state !== 'ignored') continue;
    const { message } = seen.value.content;
    return cause(
      'SecretIgnored',
      `Secret ${facts.namespace}/${name} ${message}: the kubelet passes over it`,
      `kubectl -n ${facts.namespace} delete secret ${shellWord(name)} && ${create(facts, name)}`,
    );
  }
  return undefined;
}

export function cannotTell({ unread }: Situation): Cause | undefined {
  if (unread.length === 0) return undefined;
  return cause('CannotTell', `not all that the kubelet would use could be read: ${listed(unread)}`);
}

/** Above all what else is not known: who may read RegistryCredentials is told of them before it comes to this. */
export function matchesNothing({ facts, names, lookup }: Situation): Cause {
  const { image, namespace, credentials, pod, accountName } = facts;
  const owner =
    pod === undefined ? `ServiceAccount ${namespace}/${accountName}` : `pod ${namespace}/${pod.name}`;
  const what =
    names.length === 0
      ? `${owner} has no imagePullSecrets`
      : `none of the ${lookup.others.length} logins of ${owner} is for ${image.repository}`;
  const hint =
    credentials.state === 'unread'
      ? `; whether a RegistryCredential has one could not be read (${credentials.why})`
      : '';
  return cause(
    'NoMatch',
    `${what}, so it is pulled without a login, which does for a public image only${hint}`,
  );
}

const saidBy = ({ pod }: PullFacts): string => {
  if (pod?.pull.state !== 'failing') return '';
  return pod.pull.message === '' ? pod.pull.reason : pod.pull.message;
};

/** Makes a Secret anew in place; what it is not told stands in capitals. */
function renew(facts: PullFacts, name: string, server?: string): string {
  return `${create(facts, name, server)} --dry-run=client -o yaml | kubectl apply -f -`;
}

function create({ namespace, image }: PullFacts, name: string, server?: string): string {
  const hub = 'https://index.docker.io/v1/';
  const host =
    server !== undefined
      ? shownMatch({ server, key: undefined })
      : image.host === 'docker.io'
        ? hub
        : image.host;
  return `kubectl -n ${namespace} create secret docker-registry ${shellWord(name)} ${shellWord(`--docker-server=${host}`)} --docker-username=USER --docker-password=PASSWORD`;
}
