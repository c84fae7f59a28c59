// What would change, a line for each object, and the counts.

import type {
  AccountDifference,
  DifferenceCounts,
  NamespaceDifference,
  SecretDifference,
} from '../core/plan-difference.ts';
import { inLine, type Output, type Paint, table } from './output.ts';

export interface PlanResult {
  readonly namespaces: readonly NamespaceDifference[];
  readonly counts: DifferenceCounts;
  readonly notes: readonly string[];
}

export function planText({ namespaces, counts, notes }: PlanResult, { paint }: Output): string {
  const rows = namespaces.flatMap(({ namespace, changes, failures }) => [
    ...changes.map(change => [namespace, ...changeCells(change, paint)]),
    ...failures.map(({ credential, reason, message }) => [
      namespace,
      paint(`${credential} is refused`, 'red'),
      `${reason}: ${message}`,
    ]),
  ]);
  const lines = [...table(rows), ...(rows.length > 0 ? [''] : []), countsText(counts)];
  return [...lines, ...notes.map(note => inLine(`note: ${note}`))].join('\n');
}

function changeCells(change: SecretDifference | AccountDifference, paint: Paint): string[] {
  const { kind, name, added, removed } = change;
  const [action, changed] = kind === 'Secret' ? [` is ${change.action}`, change.changed] : ['', []];
  const words = [
    ...added.map(one => paint(`+${one}`, 'green')),
    ...changed.map(one => paint(`~${one}`, 'yellow')),
    ...removed.map(one => paint(`-${one}`, 'red')),
  ];
  // Our annotation goes, and what it was about stays.
  const rest = kind === 'ServiceAccount' && words.length === 0 ? ['keeps its entry'] : [];
  return [`${kind} ${name}${action}`, [...words, ...rest].join(' ')];
}

function countsText({ namespaces, secrets, serviceAccounts, refusing }: DifferenceCounts): string {
  const parts = [
    ...Object.entries(secrets).flatMap(([action, count]) =>
      count > 0 ? [`${counted(count, 'Secret')} ${action}`] : [],
    ),
    ...(serviceAccounts > 0 ? [`${counted(serviceAccounts, 'ServiceAccount')} changed`] : []),
  ];
  const refused = refusing > 0 ? `; ${counted(refusing, 'namespace')} would refuse` : '';
  return namespaces === 0
    ? `nothing would change${refused}`
    : `${counted(namespaces, 'namespace')} would change: ${parts.join(', ')}${refused}`;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
