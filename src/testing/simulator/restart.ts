// What a restart may change: nothing. Only where a source fails, or a RegistryCredential is suspended,
// less is known afterwards of the logins that were given earlier, and status may say so.

import type { Kinds } from '../resources.ts';
import type { Recorded } from './history.ts';

type Credential = Kinds['registrycredentials'];

export function restartProblem(
  before: readonly Credential[],
  after: readonly Credential[],
  changes: readonly Recorded[],
): string | undefined {
  const written = changes
    .filter(({ resource }) => resource !== 'leases')
    .map(({ resource, key }) => `${resource} ${key}`);
  if (!before.some(isHalfKnown)) return written.length > 0 ? `written: ${written.join(', ')}` : undefined;
  const object = written.find(what => !/^(?:events|registrycredentials) /.test(what));
  if (object !== undefined) return `written: ${object}`;
  // Of a docker config nobody knows which servers it had, and of several which it was that had a login.
  if (before.some(one => isHalfKnown(one) && !hasFailingBasicSource(one))) return undefined;
  const changed = before.find(
    old => !hasFailingSource(old) && readyOf(old) !== readyOf(successor(old, after)),
  );
  return (
    changed &&
    `${changed.metadata.name} was ${readyOf(changed)}, and became ${readyOf(successor(changed, after))}`
  );
}

const successor = ({ metadata }: Credential, all: readonly Credential[]): Credential | undefined =>
  all.find(one => one.metadata.uid === metadata.uid);

const hasFailingSource = ({ status }: Credential): boolean =>
  status?.conditions.some(({ type, reason }) => type === 'SourceFailing' || reason === 'SourceFailed') ===
    true ||
  status?.registries.some(({ message }) => message !== undefined && !/ is left out: /.test(message)) === true;

const isHalfKnown = (one: Credential): boolean => one.spec.suspend === true || hasFailingSource(one);

const hasFailingBasicSource = ({ spec }: Credential): boolean =>
  spec.suspend !== true && spec.registries.length === 1 && spec.registries[0]?.basic !== undefined;

function readyOf(credential: Credential | undefined): string {
  const ready = credential?.status?.conditions.find(({ type }) => type === 'Ready');
  return `${ready?.status} ${ready?.reason}`;
}
