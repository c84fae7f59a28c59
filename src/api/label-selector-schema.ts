// A LabelSelector. The API server checks labels, but not selectors in custom resources: a
// selector that could never match is refused here instead of selecting nothing in silence.

import { MAX_LABEL_KEY, MAX_LABEL_VALUE, MAX_SELECTOR_TERMS } from './bounds.ts';
import { matches } from './cel-rule.ts';
import { SUBDOMAIN } from './object-name.ts';
import type { Schema } from './schema.ts';

const WORD = '[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const KEY = `^(${SUBDOMAIN}/)?${WORD}$`;
const VALUE = `^(${WORD})?$`;

const KEY_HINT =
  "write NAME or PREFIX/NAME: NAME up to 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends; PREFIX a DNS name in lower case";
const VALUE_HINT =
  "write up to 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends, or nothing";

const value = { type: 'string', maxLength: MAX_LABEL_VALUE } as const satisfies Schema;

const matchLabels = {
  type: 'object',
  description: 'Labels that must be there with exactly these values.',
  // A null that was dropped would leave a selector that takes more than it says.
  additionalProperties: { ...value, nullable: true },
  maxProperties: MAX_SELECTOR_TERMS,
  'x-kubernetes-validations': [
    {
      rule: `self.all(key, size(key) <= ${MAX_LABEL_KEY} && ${matches('key', KEY)})`,
      message: `a key of matchLabels is no label key: ${KEY_HINT}`,
    },
    {
      rule: `self.all(key, dyn(self[key]) != null && ${matches('self[key]', VALUE)})`,
      message: `a value of matchLabels is no label value (nothing at all after the key is null; "" is the empty value): ${VALUE_HINT}`,
    },
  ],
} as const satisfies Schema;

const requirement = {
  type: 'object',
  required: ['key', 'operator'],
  properties: {
    key: {
      type: 'string',
      description: 'Key of the label.',
      maxLength: MAX_LABEL_KEY,
      'x-kubernetes-validations': [
        { rule: matches('self', KEY), message: `this is no label key: ${KEY_HINT}` },
      ],
    },
    operator: {
      type: 'string',
      description:
        'How the label is compared: In and NotIn with values, Exists and DoesNotExist without. NotIn also takes what lacks the label.',
      enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
    },
    values: {
      type: 'array',
      description: 'Values for In and NotIn.',
      items: {
        ...value,
        'x-kubernetes-validations': [
          { rule: matches('self', VALUE), message: `this is no label value: ${VALUE_HINT}` },
        ],
      },
      maxItems: MAX_SELECTOR_TERMS,
      'x-kubernetes-list-type': 'atomic',
    },
  },
  'x-kubernetes-validations': [
    {
      rule: "!(self.operator in ['In', 'NotIn']) || (has(self.values) && size(self.values) > 0)",
      message: 'operators In and NotIn need values: write at least one, or use Exists or DoesNotExist',
    },
    {
      rule: "!(self.operator in ['Exists', 'DoesNotExist']) || !has(self.values) || size(self.values) == 0",
      message: 'operators Exists and DoesNotExist take no values: leave values out, or use In or NotIn',
    },
  ],
} as const satisfies Schema;

/** Selects by labels; all of its terms must hold, and without any it selects everything. */
export const labelSelector = <D extends string>(description: D) =>
  ({
    type: 'object',
    description,
    properties: {
      matchLabels,
      matchExpressions: {
        type: 'array',
        description: 'Conditions on labels that must all hold.',
        items: requirement,
        maxItems: MAX_SELECTOR_TERMS,
        'x-kubernetes-list-type': 'atomic',
      },
    },
    'x-kubernetes-map-type': 'atomic',
  }) as const satisfies Schema;
