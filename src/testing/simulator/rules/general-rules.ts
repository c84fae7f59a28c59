// What holds for whatever a replica writes.

import { showsMark } from '../pools.ts';
import { hasMark } from './marks.ts';
import { hadLogin, held, type Rule } from './rule.ts';

export const noCredentialInSight: Rule = {
  name: 'no credential outside the data of a Secret',
  check: ({ resource, after }) => {
    const visible = resource === 'secrets' ? { ...after, data: undefined } : after;
    return after !== undefined && showsMark(JSON.stringify(visible)) ? 'it holds a password' : undefined;
  },
};

const OF_NAMESPACES: ReadonlySet<string> = new Set(['secrets', 'serviceaccounts']);

export const nothingWithoutReason: Rule = {
  name: 'nothing is written where nothing of ours is and nothing is wanted',
  check: written => {
    const { resource, namespace, name, before } = written;
    if (!OF_NAMESPACES.has(resource) || (before !== undefined && hasMark(before))) return undefined;
    const isStrange = held(written, ({ obliged, get }) => {
      const object = get(resource, `${namespace}/${name}`);
      if (object !== undefined && hasMark(object)) return false;
      return resource === 'secrets'
        ? obliged().secret(namespace, name) === undefined &&
            !hadLogin(written, obliged().items(namespace, name))
        : obliged().mayReferTo(namespace, name).length === 0;
    });
    return isStrange ? 'nothing of ours was there, and nothing was wanted' : undefined;
  },
};
