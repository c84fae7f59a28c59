// The resource types that the in-memory API server knows, their paths and what
// is peculiar to each. A new type is one line here.

import { GROUP, KIND, PLURAL, VERSION } from '../api/names.ts';
import type { RegistryCredential } from '../api/types.ts';
import type { KubeObject } from '../kube/kube-client.ts';
import type { Lease } from '../kube/lease-record.ts';
import { noSuchResource } from './answers.ts';

export interface NamespaceObject extends KubeObject {
  spec?: { finalizers?: string[] };
  status?: { phase?: string };
}

export interface ServiceAccountObject extends KubeObject {
  imagePullSecrets?: { name: string }[];
}

export interface SecretObject extends KubeObject {
  type?: string;
  immutable?: boolean;
  data?: Record<string, string>;
}

export type CredentialObject = KubeObject & Omit<RegistryCredential, 'metadata'>;

export interface EventObject extends KubeObject {
  eventTime?: string;
  regarding?: { apiVersion?: string; kind?: string; name?: string; uid?: string };
  type?: string;
  reason?: string;
  action?: string;
  note?: string;
  reportingController?: string;
  reportingInstance?: string;
  series?: { count: number; lastObservedTime: string };
}

export interface Kinds {
  namespaces: NamespaceObject;
  serviceaccounts: ServiceAccountObject;
  secrets: SecretObject;
  registrycredentials: CredentialObject;
  leases: Lease;
  events: EventObject;
}

export type ResourceName = keyof Kinds;

/** Any object as the server handles it. */
export type AnyObject = KubeObject & Record<string, unknown>;

export interface Resource {
  readonly name: ResourceName;
  /** As in messages: with the group where there is one. */
  readonly qualifiedName: string;
  readonly kind: string;
  readonly qualifiedKind: string;
  readonly apiVersion: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly namespaced: boolean;
  /** A custom resource: counts generations, has /status, list items name their kind. */
  readonly custom: boolean;
  /** DELETE answers with the object instead of a Status. */
  readonly deleteReturnsObject: boolean;
  /** A PUT to nothing creates. */
  readonly createdByPut?: true;
}

const core = (
  name: ResourceName,
  kind: string,
  namespaced: boolean,
  deleteReturnsObject: boolean,
): Resource => ({
  name,
  qualifiedName: name,
  kind,
  qualifiedKind: kind,
  apiVersion: 'v1',
  group: '',
  namespaced,
  custom: false,
  deleteReturnsObject,
});

/** Namespaced and of a group of Kubernetes' own. */
const grouped = (name: ResourceName, kind: string, group: string): Resource => ({
  ...core(name, kind, true, false),
  qualifiedName: `${name}.${group}`,
  qualifiedKind: `${kind}.${group}`,
  apiVersion: `${group}/v1`,
  group,
});

export const resources: Readonly<Record<ResourceName, Resource>> = {
  namespaces: core('namespaces', 'Namespace', false, true),
  serviceaccounts: core('serviceaccounts', 'ServiceAccount', true, true),
  secrets: core('secrets', 'Secret', true, false),
  registrycredentials: {
    name: PLURAL,
    qualifiedName: `${PLURAL}.${GROUP}`,
    kind: KIND,
    qualifiedKind: `${KIND}.${GROUP}`,
    apiVersion: `${GROUP}/${VERSION}`,
    group: GROUP,
    namespaced: false,
    custom: true,
    deleteReturnsObject: false,
  },
  leases: { ...grouped('leases', 'Lease', 'coordination.k8s.io'), createdByPut: true },
  events: grouped('events', 'Event', 'events.k8s.io'),
};

/** What a path points at. */
export interface Target {
  readonly resource: Resource;
  /** Undefined for a cluster-scoped object and for a list over all namespaces. */
  readonly namespace: string | undefined;
  /** Undefined for a collection. */
  readonly name: string | undefined;
  readonly status: boolean;
}

const prefixOf = (resource: Resource): string =>
  resource.apiVersion === 'v1' ? '/api/v1/' : `/apis/${resource.apiVersion}/`;

/** "namespace/name", or the name alone where there is no namespace. */
export const keyOf = (namespace: string | undefined, name: string): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

export function pathOf(resource: Resource, key: string): string {
  const [first, second] = key.split('/');
  const path =
    second === undefined ? `${resource.name}/${first}` : `namespaces/${first}/${resource.name}/${second}`;
  return prefixOf(resource) + path;
}

export function collectionPath(resource: Resource, namespace?: string): string {
  return prefixOf(resource) + (namespace === undefined ? '' : `namespaces/${namespace}/`) + resource.name;
}

export function parsePath(path: string): Target {
  for (const resource of Object.values(resources)) {
    const prefix = prefixOf(resource);
    if (!path.startsWith(prefix)) continue;
    const parts = path.slice(prefix.length).split('/').map(decodeURIComponent);
    const namespace = resource.namespaced && parts[0] === 'namespaces' ? parts[1] : undefined;
    if (namespace !== undefined) parts.splice(0, 2);
    const [plural, name, subresource, ...rest] = parts;
    const status = resource.custom && subresource === 'status';
    if (plural !== resource.name || rest.length > 0 || (subresource !== undefined && !status)) continue;
    if (resource.namespaced && name !== undefined && namespace === undefined) continue;
    return { resource, namespace, name, status };
  }
  throw noSuchResource();
}
