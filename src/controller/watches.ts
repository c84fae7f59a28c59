// What is watched, and where it goes. No kind is watched wider than it has to be:
// the API server would refuse it.

import type { Clock, Random } from '../clock.ts';
import type { KubeClient, KubeObject } from '../kube/kube-client.ts';
import { Reflector } from '../kube/reflector.ts';
import type { Problem } from '../kube/reflector-problem.ts';
import type { ReflectorSink } from '../kube/reflector-sink.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import {
  CREDENTIALS_PATH,
  NAMESPACES_PATH,
  SECRETS_PATH,
  SERVICE_ACCOUNTS_PATH,
  secretsPathIn,
} from './paths.ts';
import { slimCredential, slimNamespace, slimSecret, slimServiceAccount, slimSource } from './slim.ts';
import type { World } from './world.ts';

/** These are never sources, and there can be many of them. */
const SOURCE_TYPES = 'type!=kubernetes.io/service-account-token,type!=helm.sh/release.v1';

export interface WatchContext {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'registerWatch'>;
  readonly onProblem: (name: string, problem: Problem | undefined) => void;
  readonly onSynced: () => void;
  readonly onRewound: () => void;
}

export interface Watch {
  readonly name: string;
  readonly synced: boolean;
  /** What keeps it from following just now. */
  readonly problem: Problem | undefined;
  start(): void;
  /** Counts as never listed, and lists at once. */
  relist(): void;
  stop(): Promise<void>;
}

/** What is still to be listed, and why it is not. */
export const notListed = (watches: readonly Watch[], redact: (text: string) => string): string[] =>
  watches
    .filter(({ synced }) => !synced)
    .map(({ name, problem }) => `${name}: ${problem ? redact(problem.message) : 'not listed yet'}`);

export function watchesOf(world: World, context: WatchContext): Watch[] {
  const watch = <R>(
    name: string,
    path: string,
    fieldSelector: string | undefined,
    transform: (object: KubeObject) => R,
    sink: ReflectorSink<R>,
  ): Watch => {
    const query = fieldSelector === undefined ? {} : { fieldSelector };
    const onProblem = (problem: Problem | undefined): void => context.onProblem(name, problem);
    const onFailure = (): void => counts.failed();
    const reflector = new Reflector({ ...context, name, path, query, transform, sink, onProblem, onFailure });
    const counts = context.metrics.registerWatch(
      name,
      () => reflector.synced && reflector.problem === undefined,
    );
    return reflector;
  };
  return [
    watch('registrycredentials', CREDENTIALS_PATH, undefined, slimCredential, world.credentials),
    watch('source secrets', secretsPathIn(world.operatorNamespace), SOURCE_TYPES, slimSource, world.sources),
    watch('namespaces', NAMESPACES_PATH, undefined, slimNamespace, world.namespaces),
    watch('serviceaccounts', SERVICE_ACCOUNTS_PATH, undefined, slimServiceAccount, world.serviceAccounts),
    ...[...world.secrets].map(([name, store]) =>
      watch(`secrets named ${name}`, SECRETS_PATH, `metadata.name=${name}`, slimSecret, store),
    ),
  ];
}
