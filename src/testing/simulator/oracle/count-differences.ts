// Whether the numbers of a status and the failures that it names are right.

import { MAX_FAILURES } from '../../../api/bounds.ts';
import type { RegistryCredentialStatus } from '../../../api/types.ts';
import type { NamespaceVerdict, Range, Verdict } from './verdicts.ts';

export function countDifferences(
  status: RegistryCredentialStatus,
  verdicts: readonly NamespaceVerdict[],
): string[] {
  const { namespaces, serviceAccounts } = status;
  const synced = {
    least: verdicts.filter(({ may }) => may.size === 1 && may.has('Synced')).length,
    most: verdicts.filter(({ may }) => may.has('Synced')).length,
  };
  return [
    ...count('selected namespaces', namespaces.selected, { least: verdicts.length, most: verdicts.length }),
    ...count('synced namespaces', namespaces.synced, synced),
    ...count('failed namespaces', namespaces.failed, {
      least: namespaces.selected - namespaces.synced,
      most: namespaces.selected - namespaces.synced,
    }),
    ...summary('namespaces', namespaces.summary, namespaces.synced, namespaces.selected),
    ...count('selected ServiceAccounts', serviceAccounts.selected, sum(verdicts.map(v => v.selected))),
    ...count('attached ServiceAccounts', serviceAccounts.attached, sum(verdicts.map(v => v.attached))),
    ...summary(
      'ServiceAccounts',
      serviceAccounts.summary,
      serviceAccounts.attached,
      serviceAccounts.selected,
    ),
    ...failures(status, verdicts),
  ];
}

const count = (what: string, said: number, { least, most }: Range): string[] =>
  said >= least && said <= most
    ? []
    : [`counts ${said} ${what} instead of ${least === most ? least : `${least} to ${most}`}`];

const summary = (what: string, said: string, some: number, all: number): string[] =>
  said === `${some}/${all}` ? [] : [`sums ${what} up as ${said}`];

const sum = (ranges: readonly Range[]): Range => ({
  least: ranges.reduce((total, { least }) => total + least, 0),
  most: ranges.reduce((total, { most }) => total + most, 0),
});

/** The first ten by name. */
function failures(status: RegistryCredentialStatus, verdicts: readonly NamespaceVerdict[]): string[] {
  const said = status.failures.map(({ namespace }) => namespace);
  const found: string[] = [];
  if ([...new Set(said)].sort().join() !== said.join()) found.push('names failures out of order');
  if (said.length !== Math.min(MAX_FAILURES, status.namespaces.failed))
    found.push(`names ${said.length} failures of ${status.namespaces.failed}`);
  for (const { namespace, reason } of status.failures) {
    const may = verdicts.find(other => other.namespace === namespace)?.may;
    if (may === undefined) found.push(`names a failure in ${namespace}, which it does not select`);
    else if (reason === 'Synced' || !may.has(reason as Verdict))
      found.push(`says ${reason} of ${namespace} instead of ${[...may].join(' or ')}`);
  }
  const last = said.length < MAX_FAILURES ? undefined : said.at(-1);
  for (const { namespace, may } of verdicts)
    if (!may.has('Synced') && !said.includes(namespace) && (last === undefined || namespace < last))
      found.push(`does not name the failure in ${namespace}`);
  return found;
}
