// What the loops are given by whoever puts the parts together.

import type { Clock, Random } from '../clock.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Redactor } from '../redactor.ts';
import type { AskToken } from './ask-source.ts';
import type { EventSink } from './credential-events.ts';
import type { ReconcileQueueContext } from './reconcile-queue.ts';
import type { Verifying } from './verifying.ts';

export interface LoopsOptions extends Verifying {
  /** One that writes only while this replica leads. */
  readonly client: KubeClient;
  /** Where Events go. */
  readonly recorder: EventSink;
  /** Namespaces that are reconciled at the same time; the client bounds the writes. */
  readonly workers: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly metrics: ReconcileQueueContext['metrics'] &
    Pick<Metrics, 'observeFetch' | 'registerCredentials' | 'registerSync' | 'endTerm'> &
    Verifying['metrics'];
  /** How a source of tokens is asked; what the process brings along is added there. */
  readonly ask: AskToken;
}
