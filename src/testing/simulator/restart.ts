// What a restart may change: nothing, also where a source fails or a RegistryCredential is suspended. What was known
// of their logins was kept.

import type { Kinds } from '../resources.ts';
import type { Recorded } from './history.ts';
import { credentialsOf, isManaged } from './rules/marks.ts';

/**
 * Those named on a Secret that nobody can write: it may hold logins of an earlier spec, of which nothing is known any
 * more. Where a source fails, status may say so.
 */
export const unsettled = (secrets: readonly Kinds['secrets'][]): ReadonlySet<string> =>
  new Set(
    secrets
      .filter(isManaged)
      .filter(({ metadata, immutable }) => immutable === true || metadata.deletionTimestamp !== undefined)
      .flatMap(credentialsOf),
  );

export function restartProblem(
  changes: readonly Recorded[],
  mayBeTold: ReadonlySet<string>,
): string | undefined {
  const written = changes
    .filter(({ resource }) => resource !== 'leases')
    .filter(({ resource, key }) => !isTold(resource, key, mayBeTold))
    .map(({ resource, key }) => `${resource} ${key}`);
  return written.length > 0 ? `written: ${written.join(', ')}` : undefined;
}

const isTold = (resource: string, key: string, credentials: ReadonlySet<string>): boolean =>
  [...credentials].some(
    name =>
      (resource === 'registrycredentials' && key === name) ||
      (resource === 'events' && key.startsWith(`default/${name}.`)),
  );
