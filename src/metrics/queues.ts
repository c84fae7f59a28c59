// The queues of keys, as client-go counts them.

import { Gauge, type Registry } from 'prom-client';
import { countersOf, histogramsOf } from './series.ts';

/** What is asked of a queue at each scrape. */
export interface QueueLook {
  readonly depth: number;
  /** Seconds since each of those began that are under way. */
  underWay(): readonly number[];
}

export interface QueueMetrics {
  added(): void;
  /** Its turn has come, after so many seconds. */
  started(waited: number): void;
  /** It is done, after so many seconds. */
  finished(took: number): void;
  retried(): void;
}

const BUCKETS = [0.0001, 0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

export function queueMetrics(register: Registry): (name: string, queue: () => QueueLook) => QueueMetrics {
  const labelNames = ['name'] as const;
  const queues = new Map<string, () => QueueLook>();
  const gauge = (name: string, help: string, of: (queue: QueueLook) => number): void => {
    new Gauge({
      ...{ name, help, labelNames, registers: [register] },
      collect() {
        for (const [queue, look] of queues) this.set({ name: queue }, of(look()));
      },
    });
  };
  const counters = (name: string, help: string) => countersOf(register, { name, help, labelNames });
  const times = (name: string, help: string) => histogramsOf(register, { name, help, labelNames }, BUCKETS);
  gauge('workqueue_depth', 'Keys that wait in the queue.', ({ depth }) => depth);
  gauge('workqueue_unfinished_work_seconds', 'Seconds that all keys under way have taken by now.', queue =>
    queue.underWay().reduce((sum, seconds) => sum + seconds, 0),
  );
  gauge(
    'workqueue_longest_running_processor_seconds',
    'Seconds that the longest key under way has taken.',
    queue => Math.max(0, ...queue.underWay()),
  );
  const adds = counters('workqueue_adds_total', 'Keys added.');
  const retries = counters('workqueue_retries_total', 'Keys added again after a failure.');
  const waits = times('workqueue_queue_duration_seconds', 'Seconds that a key waited for its turn.');
  const works = times('workqueue_work_duration_seconds', 'Seconds that a key took when it was its turn.');
  return (name, queue) => {
    queues.set(name, queue);
    const [added, retried, waited, worked] = [adds(name), retries(name), waits(name), works(name)];
    return {
      added: () => {
        added.value += 1;
      },
      retried: () => {
        retried.value += 1;
      },
      started: seconds => waited.observe(seconds),
      finished: seconds => worked.observe(seconds),
    };
  };
}
