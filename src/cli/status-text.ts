// RegistryCredentials and their namespaces as tables, the columns named as `kubectl get` names them.

import type { CredentialRecord } from '../core/credential-record.ts';
import type { NamespaceState } from '../core/namespace-state.ts';
import { type Output, type Paint, table } from './output.ts';

export function credentialsText(records: readonly CredentialRecord[], { format, paint }: Output): string {
  const wide = format === 'wide';
  const heading = ['NAME', 'READY', 'REASON', 'SECRET', 'NAMESPACES', 'SERVICEACCOUNTS', 'EXPIRES'];
  const rows = records.map(record => credentialCells(record, wide));
  const [first = '', ...lines] = table([wide ? [...heading, 'MESSAGE'] : heading, ...rows]);
  return [paint(first, 'bold'), ...lines.map((line, at) => coloured(line, records[at], paint))].join('\n');
}

function credentialCells(record: CredentialRecord, wide: boolean): string[] {
  const { name, spec, status } = record;
  const ready = readyOf(record);
  return [
    name,
    ready?.status ?? 'Unknown',
    ready?.reason ?? 'NotSeenYet',
    spec.secretName,
    status?.namespaces.summary ?? '',
    status?.serviceAccounts.summary ?? '',
    status?.expiresAt ?? '',
    ...(wide ? [ready?.message ?? 'the operator has not seen it yet'] : []),
  ];
}

export const readyOf = ({ status }: CredentialRecord) =>
  status?.conditions.find(({ type }) => type === 'Ready');

/** Suspended is somebody's wish. */
export const isBad = (record: CredentialRecord): boolean => {
  const ready = readyOf(record);
  return ready?.status !== 'True' && ready?.reason !== 'Suspended';
};

const coloured = (line: string, record: CredentialRecord | undefined, paint: Paint): string =>
  record !== undefined && isBad(record) ? paint(line, 'red') : line;

/** What status says beyond the table: conditions that hold, what registries said, and logins that are not well. */
export function remarksText(record: CredentialRecord): string[] {
  const conditions = (record.status?.conditions ?? [])
    .filter(({ type, status }) => type === 'Ready' || type === 'Verified' || status === 'True')
    .map(({ type, reason, message }) => [type, reason, message]);
  const logins = (record.status?.registries ?? []).map(({ server, source, message }) => [
    'Login',
    server === '' ? source : `${server} (${source})`,
    message ?? '',
  ]);
  return table([...conditions, ...logins]);
}

/** Namespaces that are well, listed unless more is asked for. */
const MOST_SYNCED = 20;

export function namespacesText(states: readonly NamespaceState[], { format, paint }: Output): string[] {
  if (states.length === 0) return ['no namespace is selected'];
  const synced = states.filter(({ state }) => state === 'Synced');
  const hidden = new Set(format === 'wide' ? [] : synced.slice(MOST_SYNCED));
  const shown = states.filter(state => !hidden.has(state));
  const rows = shown.map(({ namespace, state, serviceAccounts: counts, message = '' }) => [
    namespace,
    state,
    counts === undefined ? '' : `${counts.attached}/${counts.selected}`,
    message,
  ]);
  const [heading = '', ...lines] = table([['NAMESPACE', 'STATE', 'SERVICEACCOUNTS', 'WHY'], ...rows]);
  return [
    paint(heading, 'bold'),
    ...lines.map((line, at) => (shown[at]?.state === 'Synced' ? line : paint(line, 'yellow'))),
    ...(hidden.size > 0 ? [`and ${hidden.size} more that are Synced, which -o wide shows`] : []),
  ];
}
