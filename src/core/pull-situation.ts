// What the causes of an explanation have in common: the facts, and what the kubelet would make of them.

import { type Lookup, lookUp } from './keyring.ts';
import { type PullFacts, pullSecretsOf } from './pull-facts.ts';
import type { PullSecret } from './pull-secret.ts';
import { answerIn, type RegistryAnswer } from './registry-answer.ts';
import { loginsOf } from './ring-logins.ts';

export interface Situation {
  readonly facts: PullFacts;
  /** Of the Secrets that the pod names, or would be given. */
  readonly names: readonly string[];
  readonly lookup: Lookup;
  /** The first Secret on which the kubelet gives up. */
  readonly broken: BrokenSecret | undefined;
  /** Secrets, or the list of them, that nobody let us read: "Secret apps/regcred (forbidden)". */
  readonly unread: readonly string[];
  /** Of a pull that failed, or of somebody who asked. */
  readonly answer: RegistryAnswer | undefined;
}

export type BrokenSecret = Extract<PullSecret, { state: 'broken' }> & { readonly name: string };

/** `asked`: what the registry itself says now, which goes before what a pod met. */
export function situationOf(facts: PullFacts, asked?: RegistryAnswer): Situation {
  const names = pullSecretsOf(facts).filter(name => name !== '');
  return {
    facts,
    names,
    lookup: lookUp(facts.image.repository, loginsOf(facts, names)),
    broken: brokenOf(facts, names),
    unread: unreadOf(facts, names),
    answer: asked ?? answerOf(facts),
  };
}

function brokenOf({ secrets }: PullFacts, names: readonly string[]): BrokenSecret | undefined {
  for (const name of names) {
    const seen = secrets.get(name);
    if (seen?.state === 'read' && seen.value.content.state === 'broken')
      return { ...seen.value.content, name };
  }
  return undefined;
}

function unreadOf(
  { secrets, account, accountName, namespace, pod }: PullFacts,
  names: readonly string[],
): string[] {
  const list =
    pod === undefined && account.state === 'unread'
      ? [`ServiceAccount ${namespace}/${accountName} (${account.why})`]
      : [];
  return [
    ...list,
    ...[...new Set(names)].flatMap(name => {
      const seen = secrets.get(name);
      return seen?.state === 'unread' ? [`Secret ${namespace}/${name} (${seen.why})`] : [];
    }),
  ];
}

function answerOf({ pod, image }: PullFacts): RegistryAnswer | undefined {
  if (pod?.pull.state !== 'failing') return undefined;
  const said = answerIn(pod.pull.message, image.written);
  // While it waits for its next try an older kubelet says no more than that.
  return said === 'unknown' ? answerIn(pod.events.join('\n'), image.written) : said;
}
