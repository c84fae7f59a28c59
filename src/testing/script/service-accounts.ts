// imagePullSecrets under several writers: an atomic list that changes hands.

import { ACCOUNTS, apply, forced, json, merge, remove, type Step } from './requests.ts';

export const serviceAccounts: readonly Step[] = [
  [
    'an entry comes into a bare ServiceAccount',
    () =>
      merge(`${ACCOUNTS}/default`, 'regcred', {
        metadata: { annotations: { 'regcred.dev/image-pull-secrets': 'regcred' } },
        imagePullSecrets: [{ name: 'regcred' }],
      }),
    '200',
  ],
  [
    'an old resourceVersion conflicts',
    () =>
      merge(`${ACCOUNTS}/default`, 'regcred', { metadata: { resourceVersion: '1' }, imagePullSecrets: [] }),
    '409 Conflict',
  ],
  [
    'the entry goes',
    last =>
      merge(`${ACCOUNTS}/default`, 'regcred', {
        metadata: {
          resourceVersion: last.metadata.resourceVersion,
          annotations: { 'regcred.dev/image-pull-secrets': null },
        },
        imagePullSecrets: [],
      }),
    '200',
  ],
  [
    'an apply over untracked fields conflicts with nobody when they are absent',
    () => apply(`${ACCOUNTS}/default`, 'helm', { imagePullSecrets: [{ name: 'own' }] }),
    '200',
  ],
  [
    'an apply creates a ServiceAccount',
    () => apply(`${ACCOUNTS}/helm`, 'helm', { imagePullSecrets: [{ name: 'own' }] }),
    '201',
  ],
  [
    'a merge patch takes the list',
    () => merge(`${ACCOUNTS}/helm`, 'regcred', { imagePullSecrets: [{ name: 'own' }, { name: 'regcred' }] }),
    '200',
  ],
  [
    'the next apply conflicts',
    () => apply(`${ACCOUNTS}/helm`, 'helm', { imagePullSecrets: [{ name: 'own' }] }),
    '409 Conflict',
  ],
  [
    'managedFields can be wiped',
    () => merge(`${ACCOUNTS}/helm`, 'regcred', { metadata: { managedFields: [{}] } }),
    '200',
  ],
  [
    'then an apply conflicts with whoever was before',
    () => apply(`${ACCOUNTS}/helm`, 'helm', { imagePullSecrets: [{ name: 'own' }] }),
    '409 Conflict',
  ],
  [
    'a JSON patch appends',
    () =>
      json(`${ACCOUNTS}/helm`, 'regcred', { op: 'add', path: '/imagePullSecrets/-', value: { name: 'z' } }),
    '200',
  ],
  [
    'a JSON patch whose test fails is refused',
    () => json(`${ACCOUNTS}/helm`, 'regcred', { op: 'test', path: '/metadata/name', value: 'x' }),
    '422 Invalid',
  ],
  [
    'a JSON patch of nothing is refused',
    () => json(`${ACCOUNTS}/helm`, 'regcred', { op: 'remove', path: '/imagePullSecrets/7' }),
    '422 Invalid',
  ],
  [
    'a forced apply takes the list',
    () => forced(`${ACCOUNTS}/helm`, 'helm', { imagePullSecrets: [{ name: 'own' }] }),
    '200',
  ],
  ['a ServiceAccount is deleted', () => remove(`${ACCOUNTS}/helm`), '200'],
];
