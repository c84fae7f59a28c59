// What a restart may change: nothing, also where a source fails or a RegistryCredential is suspended. What was known
// of their logins was kept.

import type { Recorded } from './history.ts';

export function restartProblem(changes: readonly Recorded[]): string | undefined {
  const written = changes
    .filter(({ resource }) => resource !== 'leases')
    .map(({ resource, key }) => `${resource} ${key}`);
  return written.length > 0 ? `written: ${written.join(', ')}` : undefined;
}
