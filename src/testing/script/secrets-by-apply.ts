// What server-side apply does to a Secret: conflicts, sharing, force and release.

import { MANAGED_BY_LABEL } from '../../api/names.ts';
import { A, apply, B, forced, NAMESPACES, NOBODY, OURS, SECRET, type Step } from './requests.ts';

export const secretsByApply: readonly Step[] = [
  [
    'an apply with a uid does not create',
    () => forced(SECRET, 'regcred', { ...A, metadata: { uid: NOBODY } }),
    '409 Conflict',
  ],
  ['an apply creates', () => apply(SECRET, 'regcred', { ...A, metadata: OURS }), '201'],
  ['the same apply changes nothing', () => apply(SECRET, 'regcred', { ...A, metadata: OURS }), '200'],
  [
    'an apply with another uid is refused',
    () => forced(SECRET, 'regcred', { ...A, metadata: { uid: NOBODY } }),
    '422 Invalid',
  ],
  [
    'an apply with an old resourceVersion conflicts',
    () => forced(SECRET, 'regcred', { ...A, metadata: { resourceVersion: '1' } }),
    '409 Conflict',
  ],
  [
    'an apply with the uid updates',
    last => apply(SECRET, 'regcred', { ...B, metadata: { ...OURS, uid: last.metadata.uid } }),
    '200',
  ],
  [
    'an annotation comes by apply',
    () =>
      apply(SECRET, 'regcred', {
        ...B,
        metadata: { ...OURS, annotations: { 'regcred.dev/credentials': 'x' } },
      }),
    '200',
  ],
  ['what is no longer applied goes', () => apply(SECRET, 'regcred', { ...B, metadata: OURS }), '200'],
  ['another value of somebody else conflicts', () => apply(SECRET, 'flux', A), '409 Conflict'],
  [
    'several conflicts are listed',
    () => apply(SECRET, 'flux', { ...A, metadata: { labels: { [MANAGED_BY_LABEL]: 'flux' } } }),
    '409 Conflict',
  ],
  [
    'the same value is shared',
    () => apply(SECRET, 'flux', { ...B, metadata: { labels: { tier: 'x' } } }),
    '200',
  ],
  ['what others hold stays when it is released', () => apply(SECRET, 'regcred', {}), '200'],
  ['the only holder of the type cannot let go of it', () => apply(SECRET, 'flux', {}), '422 Invalid'],
  [
    'the only holder of the content cannot let go of it',
    () => apply(SECRET, 'flux', { type: A.type }),
    '422 Invalid',
  ],
  ['force takes a field away', () => forced(SECRET, 'regcred', A), '200'],
  ['another type is refused', () => forced(SECRET, 'regcred', { type: 'Opaque' }), '422 Invalid'],
  [
    'the name of another object is refused',
    () => apply(SECRET, 'regcred', { ...A, metadata: { name: 'other' } }),
    '400 BadRequest',
  ],
  [
    'the namespace of another object is refused',
    () => apply(SECRET, 'regcred', { ...A, metadata: { namespace: 'other' } }),
    '400 BadRequest',
  ],
  [
    'an apply without a kind is refused',
    () => apply(SECRET, 'regcred', { kind: undefined, apiVersion: undefined }),
    '400 BadRequest',
  ],
  ['an apply needs a manager', () => ({ ...apply(SECRET, 'regcred', A), query: {} }), '422 Invalid'],
  [
    'an apply into no namespace is not found',
    () => apply(`${NAMESPACES}/nowhere/secrets/regcred`, 'regcred', A),
    '404 NotFound',
  ],
];
