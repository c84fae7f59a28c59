// Runs many seeds on several threads.

import { Worker } from 'node:worker_threads';
import { addSummary, emptySummary, type Summary } from './report.ts';
import type { Batch } from './worker.ts';

const BATCH = 25;

export interface Range {
  readonly from: number;
  readonly seeds: number;
  readonly threads: number;
  /** Begins no more when one has failed. */
  readonly stopsAtFirst?: boolean;
}

export async function runMany({ from, seeds, threads, stopsAtFirst = false }: Range): Promise<Summary> {
  const summary = emptySummary();
  let next = from;
  const take = (): Batch | undefined => {
    if (stopsAtFirst && summary.failures.length > 0) return undefined;
    const batch = { from: next, seeds: Math.min(BATCH, from + seeds - next) };
    next += batch.seeds;
    return batch.seeds > 0 ? batch : undefined;
  };
  await Promise.all(Array.from({ length: threads }, () => work(take, part => addSummary(summary, part))));
  summary.failures.sort((a, b) => a.seed - b.seed);
  return summary;
}

function work(take: () => Batch | undefined, add: (part: Summary) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    const next = (): void => {
      const batch = take();
      if (batch === undefined) void worker.terminate().then(() => resolve());
      else worker.postMessage(batch);
    };
    worker.on('message', (part: Summary) => {
      add(part);
      next();
    });
    worker.on('error', reject);
    next();
  });
}
