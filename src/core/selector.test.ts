import { expect } from 'chai';
import type { LabelSelector } from '../api/types.ts';
import { matchesLabels, matchesName } from './selector.ts';

describe('label selectors', () => {
  const labels = { team: 'web', tier: '' };
  const rows: Record<string, [LabelSelector, boolean]> = {
    'an empty selector selects everything': [{}, true],
    'a matching label selects': [{ matchLabels: { team: 'web' } }, true],
    'another value does not select': [{ matchLabels: { team: 'db' } }, false],
    'an empty value is a value': [{ matchLabels: { tier: '' } }, true],
    'a missing label does not equal the empty value': [{ matchLabels: { zone: '' } }, false],
    'a label named like a member of every object is missing': [
      { matchExpressions: [{ key: 'constructor', operator: 'Exists' }] },
      false,
    ],
    'In selects one of its values': [
      { matchExpressions: [{ key: 'team', operator: 'In', values: ['db', 'web'] }] },
      true,
    ],
    'In does not select a missing label': [
      { matchExpressions: [{ key: 'zone', operator: 'In', values: [''] }] },
      false,
    ],
    'NotIn selects a missing label': [
      { matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] },
      true,
    ],
    'NotIn does not select one of its values': [
      { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['web'] }] },
      false,
    ],
    'Exists selects an empty value': [{ matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, true],
    'DoesNotExist selects a missing label': [
      { matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] },
      true,
    ],
    'DoesNotExist does not select a label that is there': [
      { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] },
      false,
    ],
    'all parts must hold': [
      { matchLabels: { team: 'web' }, matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] },
      false,
    ],
  };
  for (const [statement, [selector, expected]] of Object.entries(rows))
    it(statement, () => expect(matchesLabels(selector, labels)).to.equal(expected));
});

describe('name patterns', () => {
  const rows: [string, string, boolean][] = [
    ['default', 'default', true],
    ['default', 'default2', false],
    ['*', 'anything', true],
    ['*', '', true],
    ['ci-*', 'ci-', true],
    ['ci-*', 'ci', false],
    ['*-bot', 'a-bot', true],
    ['*-bot', 'a-bots', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'acbc', true],
    ['a*b*c', 'acb', false],
    ['**', 'x', true],
    ['a**b', 'ab', true],
    ['*ab*ab*', 'abab', true],
    ['*ab*ab*', 'aba', false],
    ['*ab*b', 'ab', false],
    ['a.b', 'axb', false],
    ['*a'.repeat(20), 'a'.repeat(200), true],
    [`${'*a'.repeat(20)}*b`, 'a'.repeat(200), false],
  ];
  for (const [pattern, name, expected] of rows)
    it(`"${pattern}" ${expected ? 'stands' : 'does not stand'} for "${name}"`, () =>
      expect(matchesName(pattern, name)).to.equal(expected));
});
