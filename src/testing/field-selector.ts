// The two field selectors that the operator uses, on single objects.

import { badRequest } from './answers.ts';
import type { AnyObject, Resource } from './resources.ts';

export type Matches = (object: AnyObject) => boolean;

export function parseFieldSelector(resource: Resource, text: string | undefined): Matches {
  const terms = (text ?? '').split(',').filter(term => term !== '');
  const matchers = terms.map((term): Matches => {
    const [, field = '', operator, value] = /^([^!=]+)(!=|==|=)(.*)$/.exec(term) ?? [];
    const fieldOf = readers[field];
    if (fieldOf === undefined || (field === 'type' && resource.name !== 'secrets')) {
      throw badRequest(`field label not supported: ${field}`);
    }
    return object => (fieldOf(object) === value) === (operator !== '!=');
  });
  return object => matchers.every(matches => matches(object));
}

const readers: Readonly<Record<string, (object: AnyObject) => unknown>> = {
  'metadata.name': object => object.metadata.name,
  'metadata.namespace': object => object.metadata.namespace,
  type: object => object.type,
};
