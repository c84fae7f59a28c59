// Writes of the same object that nobody needed, in words for a reader of a failed test.

import type { AuditedRequest } from '../api/audit.ts';

/** @param needed how many of them are right, by "patch secrets a/regcred" */
export function spareWrites(writes: readonly AuditedRequest[], needed: (what: string) => number): string[] {
  return [...Map.groupBy(writes, ({ what }) => what)].flatMap(([what, those]) => {
    const times = those.map(({ received }) => new Date(received).toISOString()).join(', ');
    return those.length > needed(what) ? [`${those.length}, not ${needed(what)}: ${what} at ${times}`] : [];
  });
}
