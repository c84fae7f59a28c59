// What a replica may do to a ServiceAccount: add and take off entries of its own, and note them.

import { PULL_SECRETS_ANNOTATION } from '../../../api/names.ts';
import type { Kinds } from '../../resources.ts';
import { SECRET_NAMES } from '../pools.ts';
import { listOf, notedOn } from './marks.ts';
import type { Rule } from './rule.ts';

const OURS: readonly string[] = SECRET_NAMES;

export const foreignEntriesStay: Rule<'serviceaccounts'> = {
  name: "nobody else's entry of imagePullSecrets is lost, added or moved",
  of: 'serviceaccounts',
  check: ({ before, after }) => {
    if (before === undefined || after === undefined) return 'a ServiceAccount was created or deleted';
    const noted = notedOn(before);
    const foreign = listOf(before).filter(name => !noted.includes(name));
    const [old, fresh] = [listOf(before), listOf(after)];
    const kept = fresh.filter(name => old.includes(name));
    if (kept.join() !== old.filter(name => fresh.includes(name)).join()) return `${old} became ${fresh}`;
    if (foreign.some(name => !fresh.includes(name)))
      return `${old}, of which ${noted} is ours, became ${fresh}`;
    const strange = fresh.find(name => !old.includes(name) && !OURS.includes(name));
    return strange === undefined ? undefined : `${strange} was added`;
  },
};

export const annotationTellsTheTruth: Rule<'serviceaccounts'> = {
  name: 'the annotation names the entries that we added, and no other',
  of: 'serviceaccounts',
  check: ({ before, after }) => {
    const added = listOf(after).filter(name => !listOf(before).includes(name));
    const noted = notedOn(after);
    const unnoted = added.find(name => !noted.includes(name));
    if (unnoted !== undefined) return `${unnoted} was added without a note`;
    const claimed = noted.find(name => !notedOn(before).includes(name) && !added.includes(name));
    if (claimed !== undefined) return `${claimed} was noted, but not by us was it added`;
    const hollow = noted.find(name => !listOf(after).includes(name) && listOf(before).includes(name));
    return hollow === undefined ? undefined : `${hollow} was taken off, but not from the note`;
  },
};

export const nothingElseOfAnAccount: Rule<'serviceaccounts'> = {
  name: 'nothing else of a ServiceAccount changes',
  of: 'serviceaccounts',
  check: ({ before, after }) =>
    restOf(before) === restOf(after) ? undefined : 'more than our own was changed',
};

function restOf(account: Kinds['serviceaccounts'] | undefined): string {
  const { imagePullSecrets: _, metadata, ...rest } = account ?? {};
  const { resourceVersion: __, managedFields: ___, annotations = {}, ...others } = metadata ?? {};
  const { [PULL_SECRETS_ANNOTATION]: ____, ...foreign } = annotations;
  return JSON.stringify([rest, others, foreign]);
}
