// What an operator says of itself: the numbers of its /metrics.

import { readFile } from 'node:fs/promises';
import type { OperatorProcess } from '../cluster/operator-process.ts';
import { until } from '../cluster/until.ts';

/** Seconds; thousands of namespaces on a machine that is busy otherwise. */
const LONGEST_ROLL_OUT = 300;

/** Of all series, by name with labels, such as `workqueue_depth{name="namespace"}`. */
export async function metricsOf({ metricsAddress }: OperatorProcess): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`http://${metricsAddress}/metrics`)).text();
  const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map(line => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))] as const;
    }),
  );
}

/** Keys that wait in any of its queues. */
export async function queued(operator: OperatorProcess): Promise<number> {
  const depths = [...(await metricsOf(operator))].filter(([name]) => name.startsWith('workqueue_depth{'));
  if (depths.length === 0) throw new Error('the operator says nothing of its queues');
  return depths.reduce((sum, [, depth]) => sum + depth, 0);
}

/** No key waits in any of its queues, and none is under way: the answers to all its writes have reached it. */
export async function isIdle(operator: OperatorProcess): Promise<boolean> {
  const metrics = [...(await metricsOf(operator))];
  const ofQueues = metrics.filter(([name]) => /^workqueue_(depth|unfinished_work_seconds){/.test(name));
  if (ofQueues.length === 0) throw new Error('the operator says nothing of its queues');
  return ofQueues.every(([, value]) => value === 0);
}

/** Namespaces wait in its queue: what was asked for has reached it. */
export const untilBegun = (operator: OperatorProcess): Promise<void> =>
  until('the operator begins', async () => (await queued(operator)) > 0, LONGEST_ROLL_OUT);

export const untilWorkedOff = (operator: OperatorProcess): Promise<void> =>
  until('nothing waits any more', async () => (await queued(operator)) === 0, LONGEST_ROLL_OUT);

export interface Memory {
  /** Megabytes of 10^6 bytes. */
  readonly resident: number;
  readonly heap: number;
  readonly peak: number;
}

export async function memoryOf(operator: OperatorProcess): Promise<Memory> {
  const metrics = await metricsOf(operator);
  const megabytes = (name: string): number => Math.round((metrics.get(name) ?? Number.NaN) / 1e5) / 10;
  return {
    resident: megabytes('process_resident_memory_bytes'),
    heap: megabytes('nodejs_heap_size_used_bytes'),
    peak: await peakMegabytes(operator.pid),
  };
}

export const memoryInWords = ({ resident, heap, peak }: Memory): string =>
  `${resident} MB resident, ${heap} MB of heap, ${peak.toFixed(1)} MB at most`;

/** VmHWM. Linux says it in /proc; elsewhere it is not known. */
export async function peakMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? Number.NaN : (Number(kibibytes) * 1024) / 1e6;
}
