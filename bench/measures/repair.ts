// What somebody takes away or edits by hand, and how long it stays so: from the moment in which a watch shows the
// damage until it shows the repair. One after the other, each in a namespace of its own.

import { setTimeout as delay } from 'node:timers/promises';
import {
  SECRETS_PATH,
  SERVICE_ACCOUNTS_PATH,
  secretPath,
  serviceAccountPath,
} from '../../src/controller/paths.ts';
import type { KubeClient, KubeRequest } from '../../src/kube/kube-client.ts';
import { dataOf } from '../login.ts';
import type { Measure } from '../measure.ts';
import { namespaceName } from '../stage/fleet.ts';
import { contentOf, follow, refers, type Seen } from '../stage/following.ts';
import { patiently } from '../stage/patience.ts';
import { inFigures } from './newcomer.ts';
import { makeServed, operatorAtRest } from './served.ts';

/** Milliseconds between a repair and the next damage. */
const PAUSE = 50;

interface Kind {
  readonly name: string;
  readonly path: string;
  readonly fieldSelector: string;
  readonly damage: (namespace: string) => KubeRequest;
  /** Whether what the watch shows is as it is to be. */
  readonly isWhole: (seen: Seen) => boolean;
}

const patch = (path: string, body: object): KubeRequest => ({
  method: 'PATCH',
  path,
  contentType: 'application/merge-patch+json',
  body,
});

const secrets = {
  path: SECRETS_PATH,
  fieldSelector: 'metadata.name=regcred',
  isWhole: ({ type, object }: Seen): boolean => type !== 'DELETED' && contentOf(object) === dataOf(0),
};
/** Any sound docker config that is not ours. */
const EDITED = Buffer.from('{"auths":{}}').toString('base64');

const KINDS: readonly Kind[] = [
  {
    ...secrets,
    name: 'deleted Secret',
    damage: namespace => ({ method: 'DELETE', path: secretPath(namespace, 'regcred') }),
  },
  {
    ...secrets,
    name: 'edited Secret',
    damage: namespace => patch(secretPath(namespace, 'regcred'), { data: { '.dockerconfigjson': EDITED } }),
  },
  {
    name: 'removed reference',
    path: SERVICE_ACCOUNTS_PATH,
    fieldSelector: 'metadata.name=default',
    damage: namespace => patch(serviceAccountPath(namespace, 'default'), { imagePullSecrets: null }),
    isWhole: ({ type, object }) => type !== 'DELETED' && refers(object),
  },
];

export const repair: Measure = async ({ stage, options, recorder }) => {
  await makeServed(stage, options);
  for (let run = 0; run < options.pairs; run += 1) {
    const operator = await operatorAtRest(stage, options);
    const figures: Record<string, object> = {};
    for (const kind of KINDS) {
      const times = await patiently('all is repaired', repairs(stage.admin, kind, options), operator.failed);
      figures[kind.name] = inFigures(times);
    }
    await recorder.tell({ run, repairs: figures });
    await operator.stop();
  }
};

async function repairs(
  admin: KubeClient,
  { path, fieldSelector, damage, isWhole }: Kind,
  { count, namespaces }: { readonly count: number; readonly namespaces: number },
): Promise<number[]> {
  let awaited = '';
  let [from, repaired] = [Number.NaN, Promise.withResolvers<number>()];
  const following = follow(admin, path, fieldSelector, seen => {
    if (seen.object.metadata.namespace !== awaited) return;
    if (!isWhole(seen)) from ||= performance.now();
    else if (from > 0) repaired.resolve(performance.now() - from);
  });
  await Promise.race([following.listed, following.failed]);
  const times: number[] = [];
  while (times.length < count) {
    [awaited, from] = [namespaceName(times.length % namespaces), Number.NaN];
    repaired = Promise.withResolvers<number>();
    await admin.request(damage(awaited));
    times.push(await Promise.race([repaired.promise, following.failed]));
    await delay(PAUSE);
  }
  following.stop();
  return times;
}
