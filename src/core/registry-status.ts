// What status says of each item of `spec.registries`.

import { MAX_MESSAGE, MAX_STATUS_SERVER } from '../api/bounds.ts';
import type { RegistryStatus } from '../api/types.ts';
import { clip } from './clip.ts';
import type { LeftOut } from './merge.ts';
import type { Situation } from './readiness.ts';
import type { RegistryReport } from './registry-report.ts';
import { verifiedOf } from './verified.ts';

/**
 * A failing source is worth something where its last login is served: after a
 * restart that is told by what stands in the namespaces, and with none selected it is nowhere.
 */
export function judged(report: RegistryReport, index: number, { tally }: Situation): RegistryReport {
  const isLastGood = report.state === 'kept' || report.state === 'expiring';
  if (report.state !== 'unknown' && !isLastGood) return report;
  const isKept =
    isLastGood ||
    (tally.servedUnknown.has(index) && !tally.failures.some(({ reason }) => reason === 'SourceFailed'));
  if (!isKept || tally.namespaces.selected === 0) return { ...report, state: 'failed' };
  return isLastGood ? report : { ...report, state: 'kept' };
}

export function registryStatus(
  report: RegistryReport,
  index: number,
  { record, tally }: Situation,
): RegistryStatus {
  // A source that failed since the start does not say its servers; the last status does.
  const earlier = record.status?.registries[index];
  const server = report.server ?? (earlier?.source === report.source ? earlier.server : '');
  const messages = [
    ...(report.message === undefined ? [] : [report.message + suffix(report)]),
    ...leftOutOf(tally.leftOut, index, record.name),
  ];
  const verified = verifiedOf(report, index, record);
  return {
    server: clip(server, MAX_STATUS_SERVER),
    source: report.source,
    ...(report.expiresAt && { expiresAt: report.expiresAt.toISOString() }),
    ...(verified && { verified: verified.verified, reason: verified.reason }),
    ...(messages.length > 0 && { message: clip([...new Set(messages)].sort().join('; '), MAX_MESSAGE) }),
  };
}

export function suffix({ state, expiresAt }: RegistryReport): string {
  const end = expiresAt?.toISOString();
  if (state === 'expired') return `; the last known good login ended at ${end}, and is left in place`;
  if (state !== 'kept' && state !== 'expiring') return '';
  return `; the last known good login stays in use${end === undefined ? '' : `, and ends at ${end}`}`;
}

function leftOutOf(leftOut: readonly LeftOut[], index: number, name: string): string[] {
  const ours = leftOut.filter(({ registry }) => registry === index);
  const tooMuch = tooMuchOf(ours);
  return [
    ...(tooMuch === undefined ? [] : [tooMuch]),
    ...ours.filter(({ winner }) => winner !== undefined).map(one => lost(one, name)),
  ];
}

/** Servers that are named one by one; a docker config can hold hundreds. */
const MAX_NAMED = 3;

export const firstOf = (servers: readonly string[]): string =>
  servers.slice(0, MAX_NAMED).join(', ') +
  (servers.length > MAX_NAMED ? ` and ${servers.length - MAX_NAMED} more` : '');

/** What is said of those for which the Secret has no room; undefined when there are none. */
export function tooMuchOf(leftOut: readonly LeftOut[]): string | undefined {
  const without = leftOut.filter(({ winner }) => winner === undefined).map(({ server }) => server);
  const servers = [...new Set(without)];
  if (servers.length === 0) return undefined;
  // Of thousands the names would say less than their number.
  const what = servers.length > MAX_NAMED ? `${servers.length} servers` : servers.join(', ');
  return `${what} ${servers.length === 1 ? 'is' : 'are'} left out: the Secret would be over 1 MiB`;
}

function lost({ server, winner }: LeftOut, name: string): string {
  if (winner === name)
    return `${server} is left out: an earlier item of spec.registries is for the same server`;
  return `${server} is left out: RegistryCredential ${winner} is for the same server and comes first by name`;
}
