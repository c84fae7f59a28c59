// Every right that manifests/ gives the operator, one by one: what docs/security.md has a reason for, and what an API
// server that is asked counts.

import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { OPERATOR_NAMESPACE } from '../cluster/installation.ts';

const FILES = ['rbac.yaml', 'event-rbac.yaml'];

export interface Right {
  /** Of the Role; empty for the ClusterRole: everywhere. */
  readonly namespace: string;
  readonly group: string;
  readonly resource: string;
  /** Empty: of any name. */
  readonly name: string;
  readonly verb: string;
}

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

interface Role {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
  readonly rules?: readonly Rule[];
}

export async function grantedRights(): Promise<Right[]> {
  const texts = await Promise.all(
    FILES.map(file => readFile(new URL(`../../manifests/${file}`, import.meta.url), 'utf8')),
  );
  return rightsOfRoles(texts.flatMap(text => parseAllDocuments(text).map(document => document.toJS())));
}

/** Of the Roles and ClusterRoles among these objects. */
export function rightsOfRoles(objects: readonly Role[]): Right[] {
  const roles = objects.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole');
  return roles.flatMap(({ metadata, rules = [] }) =>
    rules.flatMap(rule => rightsOf(rule).map(right => ({ namespace: metadata.namespace ?? '', ...right }))),
  );
}

export function rightsOf({
  apiGroups,
  resources,
  resourceNames = [''],
  verbs,
}: Rule): Omit<Right, 'namespace'>[] {
  return apiGroups.flatMap(group =>
    resources.flatMap(resource =>
      resourceNames.flatMap(name => verbs.map(verb => ({ group, resource, name, verb }))),
    ),
  );
}

export const rightsInManifests = async (namespace = OPERATOR_NAMESPACE): Promise<string[]> =>
  countingIn(namespace, await grantedRights());

/** Those that count in a namespace, as "group/resource[ name]: verb". */
export const countingIn = (namespace: string, rights: readonly Right[]): string[] =>
  rights.filter(right => right.namespace === '' || right.namespace === namespace).map(inWords);

export const inWords = ({ group, resource, name, verb }: Omit<Right, 'namespace'>): string =>
  `${group}/${resource}${name && ` ${name}`}: ${verb}`;
