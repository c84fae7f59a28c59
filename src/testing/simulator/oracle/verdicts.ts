// What status may say of a namespace that a RegistryCredential selects. More than one verdict where
// the design leaves it open, or it depends on what the operator knew before.

import type { FailureReason } from '../../../api/conditions.ts';
import { namesOf } from './account-differences.ts';
import { type Cluster, isOurs, listedIn, type Party } from './cluster.ts';
import { isBeingDeleted, type Place } from './place.ts';
import { hasLogin, lacksOwn } from './references.ts';
import { selectsServiceAccount } from './selection.ts';

export type Verdict = 'Synced' | FailureReason;

export interface NamespaceVerdict {
  readonly namespace: string;
  readonly may: ReadonlySet<Verdict>;
  /** The Secret there says that it holds logins of this RegistryCredential. */
  readonly listed: boolean;
  /** ServiceAccounts: those that are selected, and those of them that have the entry, whoever wrote it. */
  readonly selected: Range;
  readonly attached: Range;
}

export interface Range {
  readonly least: number;
  readonly most: number;
}

const REFUSALS = {
  foreign: 'ForeignSecret',
  immutable: 'ImmutableSecret',
  wrongType: 'WrongSecretType',
} as const;

/** For each namespace that it selects, in the order of their names. */
export const verdictsOf = (cluster: Cluster, party: Party, places: readonly Place[]): NamespaceVerdict[] =>
  places
    .filter(({ contributors }) => contributors.includes(party))
    .map(place => {
      const may = new Set(possible(place, party));
      const accounts = cluster
        .serviceAccounts(place.namespace)
        .filter(account => selectsServiceAccount(party.credential, account));
      const staying = accounts.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      const attached = accounts.filter(account => namesOf(account).includes(place.name));
      const sure = may.size === 1 && may.has('Synced');
      return {
        namespace: place.namespace,
        may,
        listed:
          place.secret !== undefined && isOurs(place.secret) && listedIn(place.secret).includes(party.name),
        selected: { least: staying.length, most: accounts.length },
        attached: {
          least: sure ? attached.filter(account => staying.includes(account)).length : 0,
          most: may.has('Synced') ? attached.length : 0,
        },
      };
    });

function possible(place: Place, party: Party): Verdict[] {
  const { refused, secret } = place;
  const without: Verdict[] = hasLogin(party) ? [] : ['SourceFailed'];
  // status.md: Refused where the Secret waits for a finalizer. Until then it may count as what it is.
  if (isBeingDeleted(place))
    return ['Refused', 'Synced', 'SourceFailed', ...(refused === undefined ? [] : [REFUSALS[refused]])];
  // Of a namespace that refuses and has no login to refuse, both are true.
  if (refused !== undefined && !place.open) return [REFUSALS[refused], ...without];
  if (refused !== undefined) return [REFUSALS[refused], 'SourceFailed', 'Synced'];
  // A frozen Secret may hold the right logins in other bytes than ours.
  const frozen: Verdict[] =
    secret !== undefined && isOurs(secret) && secret.immutable ? ['ImmutableSecret'] : [];
  // Rule 5: writing would drop a login that is not known, of this one or another.
  // Where one is suspended, whose spec may have said other servers before, it may go before this one.
  if (place.open)
    return place.held.length === 0 && lacksOwn(place, party)
      ? ['SourceFailed', ...frozen]
      : ['Synced', 'SourceFailed', ...frozen];
  if (!hasLogin(party))
    return secret === undefined ? ['SourceFailed'] : ['SourceFailed', 'Synced', ...frozen];
  return ['Synced', ...frozen];
}
