// What a restart may change: nothing. Only where a source fails, or a RegistryCredential is suspended,
// less is known afterwards of the logins that were given earlier, and status may say so.

import { DOCKER_CONFIG_KEY } from '../../api/names.ts';
import type { Kinds } from '../resources.ts';
import type { Recorded } from './history.ts';
import { loginsOf } from './rules/kubelet-logins.ts';

type Credential = Kinds['registrycredentials'];

export function restartProblem(
  before: readonly Credential[],
  after: readonly Credential[],
  changes: readonly Recorded[],
  /** Namespaces in which a Secret of ours is frozen, or does not say whose logins it holds. */
  open: ReadonlySet<string>,
): string | undefined {
  const written = changes
    .filter(({ resource }) => resource !== 'leases')
    .map(({ resource, key }) => `${resource} ${key}`);
  // The process that asked too often is gone, and its successor asks.
  if (before.some(wasHeldBack)) return undefined;
  if (!before.some(isHalfKnown)) return written.length > 0 ? `written: ${written.join(', ')}` : undefined;
  // The part of a suspended one may be spelled as another one has it, once it is not known any more.
  if (before.some(({ spec }) => spec.suspend === true)) return undefined;
  const object = changes.find(
    change =>
      OBJECTS.has(change.resource) && !isSpelling(change) && !open.has(change.key.split('/')[0] ?? ''),
  );
  if (object !== undefined) return `written: ${object.resource} ${object.key}`;
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

const wasHeldBack = ({ status }: Credential): boolean =>
  status?.registries.some(({ reason }) => reason === 'HeldBack') === true;

const OBJECTS: ReadonlySet<string> = new Set(['secrets', 'serviceaccounts', 'namespaces']);

/** Two have the very same login for a server, and spell that server in two ways: the one that is known is left. */
function isSpelling({ resource, before, after }: Recorded): boolean {
  const [old, fresh] = [before, after].map(object => {
    const { data } = (object ?? {}) as Kinds['secrets'];
    return JSON.stringify([...loginsOf(data?.[DOCKER_CONFIG_KEY])].sort());
  });
  return resource === 'secrets' && before !== undefined && after !== undefined && old === fresh;
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
