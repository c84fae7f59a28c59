// What can still be written while a namespace goes.

import {
  A,
  ACCOUNTS,
  apply,
  forced,
  merge,
  NAMESPACE,
  NAMESPACES,
  post,
  remove,
  SECRETS,
  type Step,
} from './requests.ts';

export const termination: readonly Step[] = [
  [
    'a Secret with a finalizer',
    () =>
      forced(`${SECRETS}/held`, 'alice', { type: 'Opaque', metadata: { finalizers: ['a.example/hold'] } }),
    '201',
  ],
  ['a delete of it waits', () => remove(`${SECRETS}/held`), '200'],
  ['a namespace is terminated', () => remove(`${NAMESPACES}/${NAMESPACE}`), '200'],
  ['an apply cannot create in it', () => apply(`${SECRETS}/new`, 'regcred', A), '403 Forbidden'],
  ['a POST cannot create in it', () => post(ACCOUNTS, { metadata: { name: 'new' } }), '403 Forbidden'],
  [
    'an apply can update in it',
    () => apply(`${SECRETS}/held`, 'regcred', { type: 'Opaque', metadata: { labels: { a: 'b' } } }),
    '200',
  ],
  [
    'the finalizer is taken off',
    () => merge(`${SECRETS}/held`, 'alice', { metadata: { finalizers: null } }),
    '200',
  ],
];
