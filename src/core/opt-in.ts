// What has to be done to a namespace or a ServiceAccount for a selector to take it.

import { SYNC_LABEL } from '../api/names.ts';
import type { LabelSelector } from '../api/types.ts';
import type { Labels } from './records.ts';
import { matchesLabels } from './selector.ts';

/** Arguments of `kubectl label`, such as "a=b c-"; undefined where no labels that we could name would do. */
export function labelsToAdd(selector: LabelSelector, labels: Labels): string | undefined {
  const wanted = new Map<string, string | null>(Object.entries(selector.matchLabels ?? {}));
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const now = wanted.get(key) ?? (Object.hasOwn(labels, key) ? labels[key] : undefined);
    if (operator === 'In' && (now === undefined || !values.includes(now))) wanted.set(key, values[0] ?? '');
    if (operator === 'Exists' && now === undefined) wanted.set(key, 'true');
    if (operator === 'DoesNotExist' && now !== undefined) wanted.set(key, null);
    if (operator === 'NotIn' && now !== undefined && values.includes(now)) wanted.set(key, null);
  }
  const missing = [...wanted].filter(([key, value]) => (labels[key] ?? null) !== value);
  const after = Object.entries({ ...labels, ...Object.fromEntries(missing) }).filter(isSet);
  // Terms that contradict each other are met by no labels.
  if (missing.length === 0 || !matchesLabels(selector, Object.fromEntries(after))) return undefined;
  const words = missing.map(([key, value]) => (value === null ? `${key}-` : `${key}=${value}`));
  // kubectl refuses to change a label that is there, unless it is told to.
  const isChange = missing.some(([key, value]) => value !== null && Object.hasOwn(labels, key));
  return [...words, ...(isChange ? ['--overwrite'] : [])].join(' ');
}

const isSet = (label: [string, string | null]): label is [string, string] => label[1] !== null;

export const isKeptOut = (labels: Labels): boolean => labels[SYNC_LABEL] === 'false';
