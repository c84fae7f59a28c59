// What a restart may change: nothing. Only where a source fails, what is known of the logins that it
// gave earlier is not what it was before, and the status of that RegistryCredential may say so.

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
  if (!before.some(hasFailingSource))
    return written.length > 0 ? `written: ${written.join(', ')}` : undefined;
  const object = written.find(what => !/^(?:events|registrycredentials) /.test(what));
  if (object !== undefined) return `written: ${object}`;
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

function readyOf(credential: Credential | undefined): string {
  const ready = credential?.status?.conditions.find(({ type }) => type === 'Ready');
  return `${ready?.status} ${ready?.reason}`;
}
