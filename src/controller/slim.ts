// From the API server's objects to the records that are kept. Payload is dropped
// here: of a Secret of our name stays a digest, shared by all of the same bytes.

import { MAX_REFRESH_REQUEST } from '../api/bounds.ts';
import {
  CREDENTIALS_ANNOTATION,
  DOCKER_CONFIG_KEY,
  FIELD_MANAGER,
  HANDED_OVER_ANNOTATION,
  INTERNAL_LABEL,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  PULL_SECRETS_ANNOTATION,
  REFRESH_ANNOTATION,
} from '../api/names.ts';
import type { RegistryCredentialStatus } from '../api/types.ts';
import { toldStatus } from '../api/untold-status.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import { contentOf, digestOf } from '../core/docker-config.ts';
import type {
  Labels,
  NamespaceRecord,
  Ownership,
  SecretContent,
  SecretRecord,
  ServiceAccountRecord,
  SourceSecretRecord,
} from '../core/records.ts';
import type { KubeObject, ManagedFieldsEntry, ObjectMeta } from '../kube/kube-client.ts';
import { ownershipOf } from './list-ownership.ts';
import { readSpec } from './read-spec.ts';
import { Shared } from './shared.ts';

const NO_LABELS: Labels = {};

export const slimNamespace = ({ metadata }: KubeObject): NamespaceRecord => ({
  ...identity(metadata),
  labels: metadata.labels ?? NO_LABELS,
  terminating: metadata.deletionTimestamp !== undefined,
});

export function slimServiceAccount(object: KubeObject): ServiceAccountRecord {
  const { metadata, imagePullSecrets = [] } = object as KubeObject & {
    imagePullSecrets?: { name?: string }[];
  };
  return {
    ...identity(metadata),
    namespace: metadata.namespace ?? '',
    labels: metadata.labels ?? NO_LABELS,
    pullSecrets: intern(imagePullSecrets.map(({ name = '' }) => name)),
    ownPullSecrets: intern(names(metadata.annotations?.[PULL_SECRETS_ANNOTATION])),
    ownership: internOwnership(ownershipOf(metadata)),
  };
}

interface KubeSecret extends KubeObject {
  type?: string;
  immutable?: boolean;
  data?: Record<string, string>;
}

export function slimSecret(object: KubeObject): SecretRecord {
  const { metadata, type = 'Opaque', immutable = false, data } = object as KubeSecret;
  const managed = metadata.labels?.[MANAGED_BY_LABEL] === MANAGED_BY;
  return {
    ...identity(metadata),
    namespace: metadata.namespace ?? '',
    type,
    immutable,
    managed,
    ownsLabel: managed && isLabelledByUs(metadata),
    handedOver: metadata.annotations?.[HANDED_OVER_ANNOTATION] === 'true',
    credentials: intern(names(metadata.annotations?.[CREDENTIALS_ANNOTATION])),
    // Nobody asks what is in a foreign one, and it may be a megabyte of somebody's mischief.
    content: managed ? sharedContent(data?.[DOCKER_CONFIG_KEY] ?? '') : NO_CONTENT,
    terminating: metadata.deletionTimestamp !== undefined,
  };
}

export function slimSource(object: KubeObject): SourceSecretRecord {
  const { metadata, type = 'Opaque', data = {} } = object as KubeSecret;
  const internal = metadata.labels?.[INTERNAL_LABEL] !== undefined;
  return { ...identity(metadata), type, internal, data };
}

export function slimCredential(object: KubeObject): CredentialRecord {
  const { metadata, spec, status } = object as KubeObject & {
    spec: unknown;
    status?: RegistryCredentialStatus;
  };
  return {
    ...identity(metadata),
    generation: metadata.generation ?? 1,
    deleted: metadata.deletionTimestamp !== undefined,
    finalizers: metadata.finalizers ?? [],
    ...readSpec(spec),
    refreshRequest: beginningOf(metadata.annotations?.[REFRESH_ANNOTATION]),
    status: toldStatus(status),
  };
}

/** Never half a character, which the API server would not give back as it was. */
const beginningOf = (request: string | undefined): string | undefined =>
  request === undefined
    ? undefined
    : [...request.slice(0, 2 * MAX_REFRESH_REQUEST)].slice(0, MAX_REFRESH_REQUEST).join('');

const identity = ({ name, uid, resourceVersion }: ObjectMeta) => ({ name, uid, resourceVersion });

const names = (annotation: string | undefined): string[] =>
  [...new Set((annotation ?? '').split(',').filter(name => name !== ''))].sort();

/**
 * The label was set by our server-side apply, and not (only) by a person's hand. Where
 * managedFields were stripped nobody owns it any more; then our annotation tells.
 */
function isLabelledByUs({ managedFields = [], annotations }: ObjectMeta): boolean {
  const owners = managedFields.filter(ownsManagedByLabel);
  return owners.length === 0
    ? annotations?.[CREDENTIALS_ANNOTATION] !== undefined
    : owners.some(({ manager, operation }) => manager === FIELD_MANAGER && operation === 'Apply');
}

function ownsManagedByLabel({ fieldsV1 }: ManagedFieldsEntry): boolean {
  const metadata = fieldsV1?.['f:metadata'] as { 'f:labels'?: Record<string, unknown> } | undefined;
  return metadata?.['f:labels']?.[`f:${MANAGED_BY_LABEL}`] !== undefined;
}

const NO_CONTENT: SecretContent = { digest: '', entries: new Map() };

/** Thousands of Secrets have the same bytes; they share one record of their content. */
const contents = new Shared<SecretContent>();

/**
 * A roll-out gives the same bytes to one after the other, and each comes twice, in the answer and in the watch. Held
 * weakly, for no payload is kept.
 */
let last: WeakRef<{ readonly base64: string; readonly content: SecretContent }> | undefined;

function sharedContent(base64: string): SecretContent {
  const before = last?.deref();
  if (before?.base64 === base64) return before.content;
  const text = Buffer.from(base64, 'base64').toString();
  // Most are known: only what is new is read entry by entry.
  const content = contents.get(digestOf(text), () => contentOf(text));
  last = new WeakRef({ base64, content });
  return content;
}

/** Almost every ServiceAccount has one of a few short lists, and one of a few owners of it. */
const lists = new Shared<readonly string[]>();
const ownerships = new Shared<Ownership>();

// Keyed by JSON: a tenant may have an entry with a comma in it, or an empty one.
const intern = (list: readonly string[]): readonly string[] => lists.get(JSON.stringify(list), () => list);
const internOwnership = (ownership: Ownership): Ownership =>
  ownerships.get(JSON.stringify(ownership), () => ownership);
