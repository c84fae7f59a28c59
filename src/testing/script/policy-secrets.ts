// What manifests/secret-policy.yaml lets the operator do with Secrets, and what it does not.

import {
  A,
  apply,
  B,
  byOperator,
  forced,
  merge,
  NAMESPACES,
  NOBODY,
  OURS,
  post,
  remove,
  type Step,
} from './requests.ts';

export const POLICY_NAMESPACE = 'scripted-policies';
const SECRETS = `${NAMESPACES}/${POLICY_NAMESPACE}/secrets`;
const SECRET = `${SECRETS}/regcred`;
const OWN = `${NAMESPACES}/regcred-system/secrets`;
const OPAQUE = { type: 'Opaque' };

const ofItsOwn: readonly Step[] = [
  ['the operator creates', () => byOperator(apply(SECRET, 'regcred', { ...A, metadata: OURS })), '201'],
  ['the operator updates', () => byOperator(forced(SECRET, 'regcred', { ...B, metadata: OURS })), '200'],
  [
    'the operator makes no other type by apply',
    () => byOperator(apply(`${SECRETS}/opaque`, 'regcred', { ...OPAQUE, metadata: OURS })),
    '403 Forbidden',
  ],
  [
    'the operator makes no other type by POST',
    () => byOperator(post(SECRETS, { ...OPAQUE, metadata: { name: 'opaque' } }, 'regcred')),
    '403 Forbidden',
  ],
  [
    'the operator makes no token',
    () =>
      byOperator(
        apply(`${SECRETS}/token`, 'regcred', {
          type: 'kubernetes.io/service-account-token',
          metadata: { annotations: { 'kubernetes.io/service-account.name': 'default' } },
        }),
      ),
    '403 Forbidden',
  ],
  [
    'the operator releases, by its label too',
    () =>
      byOperator(
        merge(SECRET, 'regcred', { metadata: { labels: { 'app.kubernetes.io/managed-by': null } } }),
      ),
    '200',
  ],
];

const ofOthers: readonly Step[] = [
  [
    'the operator does not force itself on it any more',
    () => byOperator(forced(SECRET, 'regcred', { ...A, metadata: OURS })),
    '403 Forbidden',
  ],
  [
    'the operator does not make it its own by patch',
    () => byOperator(merge(SECRET, 'regcred', { metadata: OURS })),
    '403 Forbidden',
  ],
  ['a patch of nothing is refused too', () => byOperator(merge(SECRET, 'regcred', {})), '403 Forbidden'],
  ['the operator does not delete it', () => byOperator(remove(SECRET)), '403 Forbidden'],
  [
    'a precondition that fails comes before',
    () => byOperator(remove(SECRET, { uid: NOBODY })),
    '409 Conflict',
  ],
  [
    'an old resourceVersion comes before',
    () => byOperator(merge(SECRET, 'regcred', { metadata: { ...OURS, resourceVersion: '1' } })),
    '409 Conflict',
  ],
  [
    'a value that breaks a rule comes before',
    () => byOperator(forced(SECRET, 'regcred', OPAQUE)),
    '422 Invalid',
  ],
  ['a conflict of owners comes before', () => byOperator(apply(SECRET, 'stranger', A)), '409 Conflict'],
  ['somebody else may', () => merge(SECRET, 'alice', { metadata: { labels: { tier: 'x' } } }), '200'],
  [
    'another value of the label is not ours',
    () => merge(SECRET, 'alice', { metadata: { labels: { 'app.kubernetes.io/managed-by': 'helm' } } }),
    '200',
  ],
  ['so it is refused', () => byOperator(merge(SECRET, 'regcred', { data: A.data })), '403 Forbidden'],
  ['its owner hands it over', () => merge(SECRET, 'alice', { metadata: OURS }), '200'],
  [
    'then the operator writes it',
    () => byOperator(forced(SECRET, 'regcred', { ...A, metadata: OURS })),
    '200',
  ],
  ['and deletes it', () => byOperator(remove(SECRET)), '200'],
  [
    'somebody else makes one of another type with our label',
    () => post(SECRETS, { ...OPAQUE, metadata: { name: 'regcred', ...OURS } }),
    '201',
  ],
  [
    'the operator does not write it',
    () => byOperator(merge(SECRET, 'regcred', { metadata: { labels: { a: 'b' } } })),
    '403 Forbidden',
  ],
  ['but it may delete it', () => byOperator(remove(SECRET)), '200'],
  ['a Secret of neither comes', () => post(SECRETS, { ...OPAQUE, metadata: { name: 'regcred' } }), '201'],
  ['of two reasons the first is told', () => byOperator(merge(SECRET, 'regcred', {})), '403 Forbidden'],
];

const KEPT = { type: 'regcred.dev/kept-logins', metadata: { labels: { 'regcred.dev/internal': 'true' } } };
const KEPT_SECRET = `${OWN}/regcred-kept-scripted`;

const atHome: readonly Step[] = [
  ['in its own namespace it keeps logins', () => byOperator(apply(KEPT_SECRET, 'regcred', KEPT)), '201'],
  [
    'and writes them again',
    () => byOperator(forced(KEPT_SECRET, 'regcred', { ...KEPT, data: { 'logins.json': 'e30=' } })),
    '200',
  ],
  [
    'it may not make a source of them',
    () =>
      byOperator(merge(KEPT_SECRET, 'regcred', { metadata: { labels: { 'regcred.dev/internal': null } } })),
    '403 Forbidden',
  ],
  [
    'nor keep them under another name',
    () => byOperator(apply(`${OWN}/scripted-source`, 'regcred', KEPT)),
    '403 Forbidden',
  ],
  [
    'nor without the label',
    () => byOperator(apply(`${OWN}/regcred-kept-bare`, 'regcred', { type: KEPT.type })),
    '403 Forbidden',
  ],
  [
    'nor as another type',
    () => byOperator(apply(`${OWN}/regcred-kept-token`, 'regcred', { ...KEPT, ...OPAQUE })),
    '403 Forbidden',
  ],
  [
    'nor in another namespace',
    () => byOperator(apply(`${SECRETS}/regcred-kept-away`, 'regcred', KEPT)),
    '403 Forbidden',
  ],
  [
    'nor does it make a source',
    () => byOperator(post(OWN, { ...A, metadata: { name: 'scripted-source', ...OURS } }, 'regcred')),
    '403 Forbidden',
  ],
  ['somebody makes one', () => post(OWN, { ...A, metadata: { name: 'scripted-source' } }), '201'],
  [
    'the operator does not change it',
    () => byOperator(merge(`${OWN}/scripted-source`, 'regcred', { data: B.data })),
    '403 Forbidden',
  ],
  [
    'nor label it as its own',
    () => byOperator(merge(`${OWN}/scripted-source`, 'regcred', { metadata: KEPT.metadata })),
    '403 Forbidden',
  ],
  ['nor delete it', () => byOperator(remove(`${OWN}/scripted-source`)), '403 Forbidden'],
  [
    'handed over it is as anywhere',
    () => merge(`${OWN}/scripted-source`, 'alice', { metadata: OURS }),
    '200',
  ],
  ['and goes', () => byOperator(remove(`${OWN}/scripted-source`)), '200'],
  [
    'what was kept is left alone when its label was taken off',
    () => merge(KEPT_SECRET, 'alice', { metadata: { labels: { 'regcred.dev/internal': null } } }),
    '200',
  ],
  ['so it does not go', () => byOperator(remove(KEPT_SECRET)), '403 Forbidden'],
  [
    'until it is put on again',
    () => merge(KEPT_SECRET, 'alice', { metadata: { labels: { 'regcred.dev/internal': 'yes' } } }),
    '200',
  ],
  ['then it goes', () => byOperator(remove(KEPT_SECRET)), '200'],
];

export const policySecrets: readonly Step[] = [...ofItsOwn, ...ofOthers, ...atHome];
