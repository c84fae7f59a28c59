// What a reflector is told: what to follow, where it goes, and who is to hear of it.

import type { Clock, Random } from '../clock.ts';
import type { Log } from '../log.ts';
import type { KubeClient, KubeObject } from './kube-client.ts';
import type { Problem } from './reflector-problem.ts';
import type { ReflectorSink } from './reflector-sink.ts';

export interface ReflectorOptions<R> {
  /** For the log, such as "namespaces". */
  readonly name: string;
  readonly client: KubeClient;
  /** The collection, such as /api/v1/namespaces. */
  readonly path: string;
  /** Selectors. */
  readonly query?: Readonly<Record<string, string>>;
  /**
   * Called at once; what it returns must not hold on to the object. undefined: not for the sink. That must
   * not depend on anything that can change in an object, or its last record would stay in the sink.
   */
  readonly transform: (object: KubeObject) => R | undefined;
  readonly sink: ReflectorSink<R>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Called when `problem` changes, with undefined when all is well again. */
  readonly onProblem?: (problem: Problem | undefined) => void;
  /** Called for each list or watch that failed. */
  readonly onFailure?: () => void;
  /** Called after the first complete list, and after the first one since relist(). */
  readonly onSynced?: () => void;
  /** Called when etcd turns out to have been restored to an older state; it lists again by itself. */
  readonly onRewound?: () => void;
}
