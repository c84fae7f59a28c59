// What the admission policy of manifests/components/admission asks of one RegistryCredential,
// variable by variable. It says on its own what core says in src/core/selection.ts.

import type { LabelSelector } from '../../api/types.ts';
import type { AnyObject, CredentialObject } from '../resources.ts';

type Labels = Readonly<Record<string, string>>;

const matches = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean =>
  Object.keys(matchLabels).every(key => Object.hasOwn(labels, key) && labels[key] === matchLabels[key]) &&
  matchExpressions.every(({ key, operator, values = [] }) => {
    const isThere = Object.hasOwn(labels, key);
    const isAmong = isThere && values.includes(labels[key] ?? '');
    return { In: isAmong, NotIn: !isAmong, Exists: isThere, DoesNotExist: !isThere }[operator];
  });

export const selectsNamespace = ({ spec }: CredentialObject, labels: Labels): boolean =>
  matches(spec.namespaceSelector ?? {}, labels);

/** Patterns are few, and each write asks for each of them. */
const compiled = new Map<string, RegExp>();

function isNamed(names: readonly string[], name: string): boolean {
  const text = `^(${names.join('|').replaceAll('.', '[.]').replaceAll('*', '.*')})$`;
  const pattern = compiled.get(text) ?? new RegExp(text);
  compiled.set(text, pattern);
  return pattern.test(name);
}

export function selectsAccount({ spec }: CredentialObject, { metadata }: AnyObject): boolean {
  const { serviceAccounts } = spec;
  if (serviceAccounts === undefined) return true;
  const { names, selector } = serviceAccounts;
  return (
    (names !== undefined && isNamed(names, metadata.name ?? '')) ||
    (selector !== undefined && matches(selector, metadata.labels ?? {}))
  );
}

export const isObeyed = (
  { metadata, spec, status }: CredentialObject,
  secretNames: readonly string[],
): boolean =>
  (metadata.finalizers ?? []).includes('regcred.dev/undo') &&
  metadata.deletionTimestamp === undefined &&
  spec.suspend !== true &&
  secretNames.includes(spec.secretName ?? '') &&
  !(status?.conditions ?? []).some(({ type, status: value }) => type === 'Stalled' && value === 'True');

/** One source at least that is sound, as far as the status of this very spec says. */
export function hasLogin({ metadata, status }: CredentialObject): boolean {
  if (status === undefined || status.observedGeneration !== metadata.generation) return false;
  const isFailing = status.conditions.some(
    ({ type, reason }) => type === 'SourceFailing' && reason !== 'EntryLeftOut',
  );
  return status.registries.some(({ message }) => message === undefined || !isFailing);
}

/** The reasons of the namespace that status names. */
export const refusals = ({ status }: CredentialObject, namespace: string | undefined): readonly string[] =>
  (status?.failures ?? []).filter(failure => failure.namespace === namespace).map(({ reason }) => reason);
