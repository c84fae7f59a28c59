// The programs of Prometheus are built where Go is; elsewhere a suite is skipped, and says why.

import type { findPrometheus } from '../cluster/prometheus-program.ts';

/** On a new machine it is built first. */
const LONGEST_START = 20 * 60_000;

/** Where the program is; to be called in `before`. */
export async function pathOrSkip(context: Mocha.Context, find: typeof findPrometheus): Promise<string> {
  context.timeout(LONGEST_START);
  const found = await find(line => console.error(line));
  if ('path' in found) return found.path;
  Object.assign(context.test?.parent ?? {}, { skipReason: found.why });
  return context.skip();
}
