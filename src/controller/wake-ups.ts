// What an event of the cluster wakes: the keys of all that has to be looked at again.

import type { Priority } from '../kube/limiter.ts';
import { sourceOf } from '../sources/registered.ts';
import type { Contests } from './contests.ts';
import { secretDrifted, serviceAccountDrifted } from './drift.ts';
import type { KeptLogins } from './kept-logins.ts';
import type { NamespaceNews } from './namespace-news.ts';
import { credentialChanged, namespaceChanged, secretChanged, serviceAccountChanged } from './triggers.ts';
import type { World, WorldEvents } from './world.ts';

export interface WakeUpContext {
  readonly world: World;
  readonly namespaces: { add(key: string, priority: Priority): void };
  readonly credentials: { add(key: string, priority: Priority): void };
  readonly touch: (credential: string) => void;
  /** False while we are told of all that is there. */
  readonly isListed: () => boolean;
  /** A RegistryCredential is not as it was. */
  readonly invalidate: () => void;
  readonly contests: Pick<Contests, 'forget'>;
  readonly kept: Pick<KeptLogins, 'changed'>;
  readonly news: Pick<NamespaceNews, 'note' | 'noteDrift'>;
}

export function wakeUps(context: WakeUpContext): WorldEvents {
  const { world, namespaces, credentials, touch, isListed, invalidate, contests, kept, news } = context;
  // Somebody waits for it, unlike for what is rolled out, or what there is to do at a start.
  const wake = (namespace: string | undefined): void => {
    news.note(namespace ?? '');
    namespaces.add(namespace ?? '', isListed() ? 'urgent' : 'bulk');
  };
  return {
    credential: (before, after) => {
      const name = (after ?? before)?.name ?? '';
      invalidate();
      if (credentialChanged(before, after)) credentials.add(name, 'urgent');
      else touch(name);
    },
    namespace: (before, after) => {
      if (before !== undefined && after === undefined)
        for (const name of world.secretNames) contests.forget('secret', { namespace: before.name, name });
      if (namespaceChanged(before, after)) wake((after ?? before)?.name);
    },
    serviceAccount: (before, after) => {
      if (before !== undefined && after === undefined) contests.forget('serviceaccount', before);
      if (!serviceAccountChanged(before, after)) return;
      if (after !== undefined && serviceAccountDrifted(before, after))
        news.noteDrift('serviceaccounts', after);
      wake((after ?? before)?.namespace);
    },
    secret: (before, after) => {
      if (!secretChanged(before, after)) return;
      if (before !== undefined && secretDrifted(before, after)) news.noteDrift('secrets', before);
      wake((after ?? before)?.namespace);
    },
    source: (before, after) => {
      kept.changed(before, after);
      for (const reader of readersOf((after ?? before)?.name ?? '', world)) credentials.add(reader, 'urgent');
    },
  };
}

function readersOf(source: string, { credentials }: World): string[] {
  const reads = (registry: Parameters<typeof sourceOf>[0]): boolean =>
    sourceOf(registry).secretNames(registry).includes(source) || registry.caSecretRef?.name === source;
  return [...credentials.all()].flatMap(({ name, spec }) => (spec.registries.some(reads) ? name : []));
}
