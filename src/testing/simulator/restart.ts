// What a restart may change: nothing, also where a source fails or a RegistryCredential is suspended. What was known
// of their logins was kept.

import type { Kinds } from '../resources.ts';
import type { Recorded } from './history.ts';
import { credentialsOf, isManaged } from './rules/marks.ts';

type Credential = Kinds['registrycredentials'];

/** Of these status may say something else afterwards. */
export const unsettled = (
  secrets: readonly Kinds['secrets'][],
  credentials: readonly Credential[],
): ReadonlySet<string> =>
  new Set([
    ...secrets.filter(isManaged).filter(cannotBeWritten).flatMap(credentialsOf),
    ...credentials.filter(one => isOpen(one) || isHeldUp(one)).map(({ metadata }) => metadata.name),
  ]);

/** It may hold logins of an earlier spec, of which nothing is known any more. */
const cannotBeWritten = ({ metadata, immutable }: Kinds['secrets']): boolean =>
  immutable === true || metadata.deletionTimestamp !== undefined;

/** Nothing was said yet of one of its logins. */
const isOpen = ({ status }: Credential): boolean =>
  status?.conditions.some(({ type }) => type === 'Verified') === true &&
  status.registries.some(({ verified }) => verified === undefined);

/** A Secret stays that somebody edited, for the sake of one: then it may stay for that of others too. */
const isHeldUp = ({ status }: Credential): boolean =>
  status?.failures.some(({ message }) => message.includes('stays with an older login')) === true;

/** The process that asked its registry too often is gone, and its successor asks. */
export const wasHeldBack = ({ status }: Credential): boolean =>
  status?.registries.some(({ reason }) => reason === 'HeldBack') === true;

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
