// What a series of pairs says, as a table in Markdown.

import { cpus } from 'node:os';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../e2e/cluster/operator-process.ts';
import type { RequestCounts } from './audit.ts';
import { type Spread, spreadOf } from './median.ts';

/** One run of each, in milliseconds, next to each other in time. */
export interface Pair {
  readonly operator: number;
  readonly floor: number;
  readonly peakMegabytes: number;
  readonly requests: RequestCounts;
}

export function table(pairs: readonly Pair[], setting: { namespaces: number; parallel: number }): string {
  const row = (name: string, spread: Spread, digits: number, unit: string): string => {
    const [median, least, most] = [spread.median, spread.least, spread.most].map(value =>
      value.toFixed(digits),
    );
    return `| ${name} | ${median} ${unit} | ${least} – ${most} ${unit} |`;
  };
  const writes = pairs.map(({ requests }) => namespaceWrites(requests) / setting.namespaces);
  return [
    `${setting.namespaces} namespaces × 1 ServiceAccount, ${setting.parallel} writes at a time, ${pairs.length} pairs;`,
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.version}, API server and etcd on the same machine;`,
    `both run with ${NODE_FLAGS.join(' ')} and MALLOC_ARENA_MAX=${NODE_ENVIRONMENT.MALLOC_ARENA_MAX}`,
    '',
    '| measure | median | least – most |',
    '|---|---|---|',
    row('operator, process start → all correct', spreadOf(pairs.map(pair => pair.operator / 1000)), 2, 's'),
    row('floor, process start → all correct', spreadOf(pairs.map(pair => pair.floor / 1000)), 2, 's'),
    row('operator ÷ floor, pair by pair', spreadOf(pairs.map(pair => pair.operator / pair.floor)), 2, '×'),
    row('writes a namespace (patches of Secrets and ServiceAccounts)', spreadOf(writes), 3, ''),
    row('peak memory (VmHWM)', spreadOf(pairs.map(pair => pair.peakMegabytes)), 1, 'MB'),
    '',
    `requests of the last run: ${JSON.stringify(pairs.at(-1)?.requests)}`,
  ].join('\n');
}

const namespaceWrites = (requests: RequestCounts): number =>
  Object.entries(requests)
    .filter(([request]) => /^(create|update|patch|delete) (secrets|serviceaccounts)$/.test(request))
    .reduce((sum, [, count]) => sum + count, 0);
