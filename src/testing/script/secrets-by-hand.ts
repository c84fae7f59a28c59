// What patches, deletes, POST and PUT do to a Secret, and what is left of an owner's claim.

import {
  A,
  apply,
  B,
  forced,
  get,
  merge,
  NAMESPACES,
  NOBODY,
  OURS,
  post,
  put,
  remove,
  SECRET,
  SECRETS,
  type Step,
} from './requests.ts';

export const secretsByHand: readonly Step[] = [
  [
    'a label comes by merge patch',
    () => merge(SECRET, 'alice', { metadata: { labels: { tier: 'y' } } }),
    '200',
  ],
  [
    'the same merge patch changes nothing',
    () => merge(SECRET, 'alice', { metadata: { labels: { tier: 'y' } } }),
    '200',
  ],
  [
    'an apply conflicts with a merge patch',
    () => apply(SECRET, 'flux', { ...A, metadata: { labels: { tier: 'x' } } }),
    '409 Conflict',
  ],
  ['null takes a label off', () => merge(SECRET, 'alice', { metadata: { labels: { tier: null } } }), '200'],
  [
    'a merge patch with an old resourceVersion conflicts',
    () => merge(SECRET, 'alice', { metadata: { resourceVersion: '1' } }),
    '409 Conflict',
  ],
  [
    'a merge patch with another uid is refused',
    () => merge(SECRET, 'alice', { metadata: { uid: NOBODY } }),
    '422 Invalid',
  ],
  ['a merge patch takes content away from its holder', () => merge(SECRET, 'alice', { data: B.data }), '200'],
  ['a merge patch of nothing is not found', () => merge(`${SECRETS}/none`, 'alice', {}), '404 NotFound'],
  ['a Secret is frozen', () => merge(SECRET, 'alice', { immutable: true }), '200'],
  ['a frozen Secret keeps its content', () => forced(SECRET, 'regcred', A), '422 Invalid'],
  ['a frozen Secret stays frozen', () => merge(SECRET, 'alice', { immutable: null }), '422 Invalid'],
  ['a frozen Secret takes labels', () => merge(SECRET, 'alice', { metadata: OURS }), '200'],
  ['a delete of another uid conflicts', () => remove(SECRET, { uid: NOBODY }), '409 Conflict'],
  [
    'a delete of another resourceVersion conflicts',
    () => remove(SECRET, { resourceVersion: '1' }),
    '409 Conflict',
  ],
  [
    'a delete of what was seen works',
    ({ metadata: { uid, resourceVersion } }) => remove(SECRET, { uid, resourceVersion }),
    '200',
  ],
  ['a delete of nothing is not found', () => remove(SECRET), '404 NotFound'],
  ['nothing is not found', () => get(SECRET), '404 NotFound'],
  ['a POST creates', () => post(SECRETS, { ...A, metadata: { name: 'regcred' } }), '201'],
  [
    'a second POST exists already',
    () => post(SECRETS, { ...A, metadata: { name: 'regcred' } }),
    '409 AlreadyExists',
  ],
  [
    'a POST into no namespace is not found',
    () => post(`${NAMESPACES}/nowhere/secrets`, { ...A, metadata: { name: 'x' } }),
    '404 NotFound',
  ],
  [
    'a foreign Secret of the same bytes takes our label',
    () => apply(SECRET, 'regcred', { ...A, metadata: OURS }),
    '200',
  ],
  ['and is as before when we give it back', () => apply(SECRET, 'regcred', {}), '200'],
  [
    'a foreign Secret of other bytes conflicts',
    () => apply(SECRET, 'regcred', { ...B, metadata: OURS }),
    '409 Conflict',
  ],
  [
    'a PUT replaces',
    last => put(SECRET, { ...last, metadata: { ...last.metadata, labels: { tier: 'z' } } }),
    '200',
  ],
  [
    'a PUT of an old resourceVersion conflicts',
    () => put(SECRET, { ...A, metadata: { name: 'regcred', resourceVersion: '1' } }),
    '409 Conflict',
  ],
  [
    'a PUT of another uid conflicts',
    () => put(SECRET, { ...A, metadata: { name: 'regcred', uid: NOBODY } }),
    '409 Conflict',
  ],
  [
    'a PUT of a uid to nothing is not found',
    () => put(`${SECRETS}/none`, { ...A, metadata: { name: 'none', uid: NOBODY } }),
    '404 NotFound',
  ],
  [
    'a PUT of nothing is not found',
    () => put(`${SECRETS}/none`, { ...A, metadata: { name: 'none' } }),
    '404 NotFound',
  ],
  [
    'a docker config must be there',
    () => post(SECRETS, { type: A.type, metadata: { name: 'x' } }),
    '422 Invalid',
  ],
  [
    'a Secret is Opaque by default',
    () => post(SECRETS, { stringData: { username: 'u' }, metadata: { name: 'plain' } }),
    '201',
  ],
];
