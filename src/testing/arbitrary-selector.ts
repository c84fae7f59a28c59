// Labels and selectors over few keys and values, so that they meet; some of the keys are what every object has.

import fc from 'fast-check';
import type { LabelSelector, LabelSelectorRequirement } from '../api/types.ts';

const KEYS = [
  'tier',
  'a.example.com/tier',
  'constructor',
  'toString',
  'valueOf',
  'x_y.Z-1',
  'regcred.dev/sync',
] as const;
const VALUES = ['', 'true', 'false', 'True', 'null', '0', 'B_b.b-1', 'a', 'ab'] as const;

const key = fc.constantFrom(...KEYS);
const value = fc.constantFrom(...VALUES);

export const anyLabels: fc.Arbitrary<Record<string, string>> = fc.dictionary(key, value, {
  maxKeys: 5,
  noNullPrototype: true,
});

const requirement: fc.Arbitrary<LabelSelectorRequirement> = fc.oneof(
  fc.record({
    key,
    operator: fc.constantFrom('In' as const, 'NotIn' as const),
    values: fc.array(value, { minLength: 1, maxLength: 4 }),
  }),
  fc.record(
    {
      key,
      operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const),
      values: fc.constant<string[]>([]),
    },
    { requiredKeys: ['key', 'operator'] },
  ),
);

/** As the CRD takes them. Mostly of one term, or hardly any would select anything. */
export const anySelector: fc.Arbitrary<LabelSelector> = fc.record(
  {
    matchLabels: fc.dictionary(key, value, { maxKeys: 1, noNullPrototype: true }),
    matchExpressions: fc.array(requirement, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
