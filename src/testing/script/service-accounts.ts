// imagePullSecrets under several writers: an atomic list that changes hands.

import type { KubeObject } from '../../kube/kube-client.ts';
import { ACCOUNTS, apply, forced, json, merge, post, remove, type Step } from './requests.ts';

const ANNOTATION = 'regcred.dev/image-pull-secrets';
const OURS = {
  metadata: { annotations: { [ANNOTATION]: 'regcred' } },
  imagePullSecrets: [{ name: 'regcred' }],
};

const claim = (manager: string, operation: string, fieldsV1: object) => ({
  manager,
  operation,
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1,
});
const helmsList = claim('helm', 'Apply', { 'f:imagePullSecrets': {} });
const ourAnnotation = claim('regcred', 'Update', {
  'f:metadata': { 'f:annotations': { [`f:${ANNOTATION}`]: {} } },
});

/** Says whose the fields of the ServiceAccount in the latest answer are. */
const handOver = (name: string, { metadata }: KubeObject, ...managedFields: object[]) =>
  merge(`${ACCOUNTS}/${name}`, 'regcred', {
    metadata: { resourceVersion: metadata.resourceVersion, managedFields },
  });

/** What is written under a list that somebody applies, and handed back (docs/adr/0009). */
const handedBack: readonly Step[] = [
  [
    'a ServiceAccount comes whose list is applied',
    () => apply(`${ACCOUNTS}/flux`, 'helm', { imagePullSecrets: [{ name: 'own' }] }),
    '201',
  ],
  [
    'our entry joins, and the list is ours',
    () =>
      merge(`${ACCOUNTS}/flux`, 'regcred', {
        ...OURS,
        imagePullSecrets: [{ name: 'own' }, { name: 'regcred' }],
      }),
    '200',
  ],
  ['the list is handed back to its owner', last => handOver('flux', last, helmsList, ourAnnotation), '200'],
  ['a patch of nothing shows it', () => merge(`${ACCOUNTS}/flux`, 'regcred', {}), '200'],
  [
    'a second hand-back changes nothing',
    last => handOver('flux', last, ...(last.metadata.managedFields ?? [])),
    '200',
  ],
  [
    'then the owner applies his list again',
    () => apply(`${ACCOUNTS}/flux`, 'helm', { imagePullSecrets: [{ name: 'own' }] }),
    '200',
  ],
  ['and takes it away by applying none', () => apply(`${ACCOUNTS}/flux`, 'helm', {}), '200'],
  ['a bare ServiceAccount comes', () => post(ACCOUNTS, { metadata: { name: 'bare' } }), '201'],
  ['our entry comes into it, tracked by nobody', () => merge(`${ACCOUNTS}/bare`, 'regcred', OURS), '200'],
  [
    'a first apply conflicts with whoever was before',
    () => apply(`${ACCOUNTS}/bare`, 'helm', { imagePullSecrets: [{ name: 'own' }] }),
    '409 Conflict',
  ],
  ['we say that the annotation is ours', last => handOver('bare', last, ourAnnotation), '200'],
  [
    'then a first apply conflicts with nobody',
    () => apply(`${ACCOUNTS}/bare`, 'helm', { imagePullSecrets: [{ name: 'own' }] }),
    '200',
  ],
  [
    'our annotation goes, and with it our claim',
    () => merge(`${ACCOUNTS}/bare`, 'regcred', { metadata: { annotations: { [ANNOTATION]: null } } }),
    '200',
  ],
  [
    'whoever claims a list without changing it owns it',
    last => handOver('bare', last, claim('regcred', 'Update', { 'f:imagePullSecrets': {} })),
    '200',
  ],
  ['nobody owns anything any more', last => handOver('bare', last, {}), '200'],
  [
    'an apply of what is there conflicts with nobody',
    () => apply(`${ACCOUNTS}/bare`, 'helm', { imagePullSecrets: [{ name: 'own' }] }),
    '200',
  ],
];

const annotated = (...names: readonly string[]) => ({
  metadata: { annotations: Object.fromEntries(names.map(name => [`${name}.example/is`, 'x'])) },
});

/** What becomes of an annotation that nobody owns when the others go. */
const nobodys: readonly Step[] = [
  [
    'a ServiceAccount comes with two annotations',
    () => apply(`${ACCOUNTS}/left`, 'helm', annotated('first', 'second')),
    '201',
  ],
  ['a third comes by hand', () => merge(`${ACCOUNTS}/left`, 'alice', annotated('third')), '200'],
  [
    "which is nobody's then",
    last => handOver('left', last, ...(last.metadata.managedFields ?? []).slice(0, 1)),
    '200',
  ],
  [
    "what is nobody's stays beside what is applied",
    () => apply(`${ACCOUNTS}/left`, 'helm', annotated('first')),
    '200',
  ],
  ['and goes with the last of them', () => apply(`${ACCOUNTS}/left`, 'helm', {}), '200'],
];

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
  ...handedBack,
  ...nobodys,
];
