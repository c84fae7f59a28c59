// The oracle: what there ought to be in a cluster, by the rules of the design and by nothing
// of the operator's own code, so that the two can be held against each other.

import type { Desired, Past, Rules, Snapshot } from './snapshot.ts';

export type { Desired, DesiredSecret, Past, Rules, Snapshot } from './snapshot.ts';

export function desired(_snapshot: Snapshot, _past: Past, _rules: Rules): Desired {
  return { secret: () => undefined, references: () => [] };
}

/** Where a cluster at rest is not as it ought to be, one sentence each; none when all is well. */
export function differences(_snapshot: Snapshot, _past: Past, _rules: Rules): string[] {
  return [];
}
