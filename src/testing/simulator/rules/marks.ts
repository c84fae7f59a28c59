// What of an object is ours, read from the object itself.

import {
  CREDENTIALS_ANNOTATION,
  FIELD_MANAGER,
  HANDED_OVER_ANNOTATION,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  PULL_SECRETS_ANNOTATION,
} from '../../../api/names.ts';
import type { KubeObject } from '../../../kube/kube-client.ts';
import type { Kinds } from '../../resources.ts';

type Account = Kinds['serviceaccounts'];

export const listOf = (account: Account | undefined): readonly string[] =>
  (account?.imagePullSecrets ?? []).map(({ name }) => name);

export const notedOn = (account: Account | undefined): readonly string[] =>
  (account?.metadata.annotations?.[PULL_SECRETS_ANNOTATION] ?? '').split(',').filter(name => name !== '');

/** It refers to the Secret, and by our doing. */
export const refersByUs = (account: Account | undefined, secret: string): boolean =>
  listOf(account).includes(secret) && notedOn(account).includes(secret);

export const isManaged = (secret: KubeObject | undefined): boolean =>
  secret?.metadata.labels?.[MANAGED_BY_LABEL] === MANAGED_BY;

/** A claim of ours in managedFields is one too: who owned the list before is to have it again. */
export const hasMark = ({ metadata: { labels, annotations, managedFields } }: KubeObject): boolean =>
  labels?.[MANAGED_BY_LABEL] === MANAGED_BY ||
  managedFields?.some(({ manager }) => manager === FIELD_MANAGER) ||
  [PULL_SECRETS_ANNOTATION, CREDENTIALS_ANNOTATION, HANDED_OVER_ANNOTATION].some(
    name => annotations?.[name] !== undefined,
  );

/** Our annotation says so, whoever set the label last. */
export const isHandedOver = (secret: KubeObject | undefined): boolean =>
  secret?.metadata.annotations?.[HANDED_OVER_ANNOTATION] === 'true';

/** Whose logins it holds, as it says itself. */
export const credentialsOf = ({ metadata }: KubeObject): readonly string[] =>
  (metadata.annotations?.[CREDENTIALS_ANNOTATION] ?? '').split(',').filter(name => name !== '');
