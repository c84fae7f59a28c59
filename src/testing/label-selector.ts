// Label selectors as they stand in a query, on the labels of single objects.

import { badRequest } from './answers.ts';
import type { AnyObject } from './resources.ts';

type Labels = Readonly<Record<string, string>>;
type Term = (labels: Labels) => boolean;

const SET = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/;
const VALUE = /^([^\s=!,]+)\s*(=|==|!=)\s*([^\s=!,]*)$/;
const PRESENCE = /^(!?)\s*([^\s=!,]+)$/;

export function parseLabelSelector(text: string | undefined): (object: AnyObject) => boolean {
  // Commas between parentheses part values, all others part terms.
  const terms = (text ?? '')
    .split(/,(?![^(]*\))/)
    .flatMap(term => (term.trim() === '' ? [] : [parse(term.trim())]));
  return ({ metadata }) => terms.every(term => term(metadata.labels ?? {}));
}

function parse(term: string): Term {
  const [, name = '', operator, list = ''] = SET.exec(term) ?? VALUE.exec(term) ?? [];
  const [, not, present = ''] = PRESENCE.exec(term) ?? [];
  const values = list.split(',').map(value => value.trim());
  switch (operator) {
    case 'in':
    case '=':
    case '==':
      return labels => values.includes(labels[name] ?? '') && Object.hasOwn(labels, name);
    case 'notin':
    case '!=':
      return labels => !Object.hasOwn(labels, name) || !values.includes(labels[name] ?? '');
  }
  if (not === undefined) {
    const found = term.split(/\s+/)[1] ?? '';
    const expected = 'in, notin, =, ==, !=, gt, lt';
    throw badRequest(`unable to parse requirement: found '${found}', expected: ${expected}`);
  }
  return labels => Object.hasOwn(labels, present) === (not === '');
}
