// Which namespaces and ServiceAccounts a RegistryCredential selects.

import { SYNC_LABEL } from '../../../api/names.ts';
import type { LabelSelector, LabelSelectorRequirement } from '../../../api/types.ts';
import type { Credential, Namespace, ServiceAccount } from './snapshot.ts';

type Labels = Readonly<Record<string, string>>;

const SYSTEM = ['kube-system', 'kube-public', 'kube-node-lease'];

export const isTerminating = ({ metadata, status }: Namespace): boolean =>
  metadata.deletionTimestamp !== undefined || status?.phase === 'Terminating';

/** Of one that does not terminate, and is not the operator's own. */
export function selectsNamespace({ spec }: Credential, namespace: Namespace): boolean {
  const { name, labels = {} } = namespace.metadata;
  if (labels[SYNC_LABEL] === 'false') return false;
  if (SYSTEM.includes(name) && labels[SYNC_LABEL] !== 'true') return false;
  return matches(spec.namespaceSelector, labels);
}

export function selectsServiceAccount({ spec }: Credential, { metadata }: ServiceAccount): boolean {
  const { name, labels = {} } = metadata;
  if (labels[SYNC_LABEL] === 'false') return false;
  if (spec.serviceAccounts === undefined) return true;
  const { names = [], selector } = spec.serviceAccounts;
  return names.some(glob => matchesGlob(glob, name)) || (selector !== undefined && matches(selector, labels));
}

const matches = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(expression => holds(expression, labels));

function holds({ key, operator, values = [] }: LabelSelectorRequirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/** `*` stands for any text, also none. */
function matchesGlob(glob: string, name: string): boolean {
  const parts = glob.split('*').map(part => part.replaceAll('.', '\\.'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
