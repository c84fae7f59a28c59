// Which namespaces and ServiceAccounts a RegistryCredential is for.

import { SYNC_LABEL, SYSTEM_NAMESPACES } from '../api/names.ts';
import type { LabelSelector, ServiceAccountSelection } from '../api/types.ts';
import type { Labels, NamespaceRecord } from './records.ts';
import { matchesLabels, matchesName } from './selector.ts';

/** The selector decides among the namespaces that may be a target at all. */
export function selectsNamespace(
  selector: LabelSelector,
  namespace: NamespaceRecord,
  operatorNamespace: string,
): boolean {
  return isTarget(namespace, operatorNamespace) && matchesLabels(selector, namespace.labels);
}

function isTarget({ name, labels, terminating }: NamespaceRecord, operatorNamespace: string): boolean {
  if (terminating || name === operatorNamespace || isKeptOut(labels)) return false;
  return !SYSTEM_NAMESPACES.has(name) || labels[SYNC_LABEL] === 'true';
}

/** `selection` undefined means every ServiceAccount of a selected namespace. */
export function selectsServiceAccount(
  selection: ServiceAccountSelection | undefined,
  { name, labels }: { readonly name: string; readonly labels: Labels },
): boolean {
  if (isKeptOut(labels)) return false;
  if (selection === undefined) return true;
  return (
    (selection.names ?? []).some(pattern => matchesName(pattern, name)) ||
    (selection.selector !== undefined && matchesLabels(selection.selector, labels))
  );
}

const isKeptOut = (labels: Labels): boolean => labels[SYNC_LABEL] === 'false';
