// What keeps a pod from the pull secrets of its ServiceAccount, and how to get them.

import { lookUp } from './keyring.ts';
import { type Cause, cause, listed } from './pull-cause.ts';
import type { Owner, PodFacts, PullFacts } from './pull-facts.ts';
import { loginsOf } from './ring-logins.ts';
import { shellWord } from './shell-word.ts';

/** A new pod would be given a login that this one lacks. */
export function fromBefore(facts: PullFacts): Cause | undefined {
  const { pod, account, namespace, accountName, image } = facts;
  if (pod === undefined || account.state !== 'read') return undefined;
  const lacking = account.value.pullSecrets.filter(name => !pod.pullSecrets.includes(name));
  const { tried } = lookUp(image.repository, loginsOf(facts, lacking));
  const names = [...new Set(tried.map(({ login }) => login.secret))];
  if (names.length === 0) return undefined;
  const secrets = `Secret ${listed(names.map(name => `${namespace}/${name}`))}`;
  const isOwn = pod.pullSecrets.some(name => !account.value.pullSecrets.includes(name));
  return isOwn
    ? cause(
        'PodHasOwnPullSecrets',
        `pod ${namespace}/${pod.name} names imagePullSecrets of its own (${listed(pod.pullSecrets)}), so it is given ` +
          `none of ServiceAccount ${accountName}; ${secrets} has a login for the image`,
        addCommand(namespace, pod, names),
      )
    : cause(
        'PodOlderThanReference',
        `pod ${namespace}/${pod.name} was created before ServiceAccount ${accountName} had ${secrets}, ` +
          'and a pod is given its pull secrets only when it is created',
        restartCommand(namespace, pod),
      );
}

export function withoutAccount({
  account,
  accountName,
  namespace,
  place,
  pod,
}: PullFacts): Cause | undefined {
  if (account.state !== 'absent' || pod !== undefined) return undefined;
  if (place.state === 'absent')
    return cause(
      'NamespaceMissing',
      `there is no namespace ${namespace}`,
      `kubectl create namespace ${namespace}`,
    );
  return cause(
    'ServiceAccountMissing',
    `there is no ServiceAccount ${namespace}/${accountName}, so no pod can have it`,
    `kubectl -n ${namespace} create serviceaccount ${accountName}`,
  );
}

/** The kubelet runs it from a file of its node. The API server shows none that names a Secret or ServiceAccount. */
export const isStatic = ({ pod }: PullFacts): boolean => pod?.owner?.kind === 'node';

export function withoutSecrets({ namespace, pod }: PullFacts): Cause {
  return cause(
    'StaticPod',
    `pod ${namespace}/${pod?.name} is a static pod, which can have neither ServiceAccount nor pull secrets: ` +
      `what login it needs has to be in the configuration of node ${pod?.owner?.name}`,
  );
}

const RESTARTED: ReadonlySet<string> = new Set(['deployment', 'statefulset', 'daemonset']);

/** Whatever made the pod makes it anew. Of one that nobody made, only an empty list is filled in again. */
function restartCommand(namespace: string, { name, owner, pullSecrets }: PodFacts): string | undefined {
  const inNamespace = `kubectl -n ${namespace}`;
  if (isRestarted(owner)) return `${inNamespace} rollout restart ${owner.kind} ${shellWord(owner.name)}`;
  if (owner !== undefined) return `${inNamespace} delete pod ${name}`;
  return pullSecrets.length > 0
    ? undefined
    : `${inNamespace} get pod ${name} -o yaml | kubectl replace --force -f -`;
}

/** JSON patch: the list may be long, and stays. */
function addCommand(namespace: string, pod: PodFacts, names: readonly string[]): string | undefined {
  const { owner } = pod;
  if (!isRestarted(owner)) return undefined;
  const operations = names.map(name => ({
    op: 'add',
    path: '/spec/template/spec/imagePullSecrets/-',
    value: { name },
  }));
  return `kubectl -n ${namespace} patch ${owner.kind} ${shellWord(owner.name)} --type=json -p ${shellWord(JSON.stringify(operations))}`;
}

const isRestarted = (owner: Owner | undefined): owner is Owner =>
  owner !== undefined && RESTARTED.has(owner.kind);
