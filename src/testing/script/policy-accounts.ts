// What manifests/service-account-policy.yaml lets the operator do with ServiceAccounts: each
// clause, by what is let through and what is refused.

import { POLICY_NAMESPACE } from './policy-secrets.ts';
import { apply, byOperator, json, merge, NAMESPACES, post, remove, type Step } from './requests.ts';

const ACCOUNTS = `${NAMESPACES}/${POLICY_NAMESPACE}/serviceaccounts`;
const ACCOUNT = `${ACCOUNTS}/bound`;
const ANNOTATION = 'regcred.dev/image-pull-secrets';

const patch = (body: object) => () => byOperator(merge(ACCOUNT, 'regcred', body));
const list = (...names: string[]) => ({ imagePullSecrets: names.map(name => ({ name })) });
const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'x' };

const made: readonly Step[] = [
  [
    'the operator makes no ServiceAccount by POST',
    () => byOperator(post(ACCOUNTS, { metadata: { name: 'new' } }, 'regcred')),
    '403 Forbidden',
  ],
  [
    'the operator makes no ServiceAccount by apply',
    () => byOperator(apply(`${ACCOUNTS}/new`, 'regcred', list('regcred'))),
    '403 Forbidden',
  ],
  [
    'somebody makes one',
    () =>
      post(ACCOUNTS, {
        metadata: {
          name: 'bound',
          labels: { team: 'a' },
          annotations: { team: 'a', [ANNOTATION]: 'stale' },
          finalizers: ['a.example/hold'],
        },
        automountServiceAccountToken: false,
        secrets: [{ name: 'token' }],
        ...list('one', 'two', 'one'),
      }),
    '201',
  ],
  ['the operator deletes no ServiceAccount', () => byOperator(remove(ACCOUNT)), '403 Forbidden'],
];

const entries: readonly Step[] = [
  [
    'its entry comes anywhere, with its annotation',
    patch({
      metadata: { annotations: { [ANNOTATION]: 'regcred' } },
      ...list('one', 'regcred', 'two', 'one'),
    }),
    '200',
  ],
  ['its entry may come twice', patch(list('regcred', 'one', 'regcred', 'two', 'one')), '200'],
  ['another entry does not come', patch(list('one', 'two', 'one', 'regcred', 'three')), '403 Forbidden'],
  ['another entry does not go', patch(list('one', 'two', 'regcred')), '403 Forbidden'],
  ['other entries keep their order', patch(list('two', 'one', 'one')), '403 Forbidden'],
  ['nor do all of them go', patch({ imagePullSecrets: null }), '403 Forbidden'],
  [
    'nor does one come without a name',
    patch({ imagePullSecrets: [...list('one', 'two', 'one').imagePullSecrets, {}] }),
    '403 Forbidden',
  ],
  [
    'its entry goes, with its annotation',
    patch({ metadata: { annotations: { [ANNOTATION]: null } }, ...list('one', 'two', 'one') }),
    '200',
  ],
  ['a patch of nothing is let through', patch({}), '200'],
];

const metadata: readonly Step[] = [
  ['another annotation does not come', patch({ metadata: { annotations: { role: 'x' } } }), '403 Forbidden'],
  [
    'another annotation does not change',
    patch({ metadata: { annotations: { team: 'b' } } }),
    '403 Forbidden',
  ],
  ['another annotation does not go', patch({ metadata: { annotations: { team: null } } }), '403 Forbidden'],
  ['nor do all of them', patch({ metadata: { annotations: null } }), '403 Forbidden'],
  ['a label does not come', patch({ metadata: { labels: { tier: 'x' } } }), '403 Forbidden'],
  ['a label does not go', patch({ metadata: { labels: null } }), '403 Forbidden'],
  [
    'a finalizer does not come',
    patch({ metadata: { finalizers: ['a.example/hold', 'a.example/b'] } }),
    '403 Forbidden',
  ],
  ['a finalizer does not go', patch({ metadata: { finalizers: null } }), '403 Forbidden'],
  ['an owner does not come', patch({ metadata: { ownerReferences: [owner] } }), '403 Forbidden'],
  [
    'who owns a field may be said',
    patch({
      metadata: {
        managedFields: [
          {
            manager: 'helm',
            operation: 'Apply',
            apiVersion: 'v1',
            fieldsType: 'FieldsV1',
            fieldsV1: { 'f:imagePullSecrets': {} },
          },
        ],
      },
    }),
    '200',
  ],
];

const fields: readonly Step[] = [
  ['no other field changes', patch({ automountServiceAccountToken: true }), '403 Forbidden'],
  ['no other field goes', patch({ automountServiceAccountToken: null }), '403 Forbidden'],
  ['no other list changes', patch({ secrets: [{ name: 'token' }, { name: 'more' }] }), '403 Forbidden'],
  [
    'whichever way it is asked',
    () => byOperator(json(ACCOUNT, 'regcred', { op: 'remove', path: '/secrets' })),
    '403 Forbidden',
  ],
  [
    'nor by apply',
    () => byOperator(apply(ACCOUNT, 'regcred', { metadata: { labels: { tier: 'x' } } })),
    '403 Forbidden',
  ],
  [
    'of several reasons the first is told',
    patch({ metadata: { labels: null, annotations: { role: 'x' } }, secrets: null }),
    '403 Forbidden',
  ],
  [
    'an old resourceVersion comes before all of them',
    patch({ metadata: { resourceVersion: '1', labels: null } }),
    '409 Conflict',
  ],
  ['somebody else may', () => merge(ACCOUNT, 'alice', { ...list('two'), secrets: null }), '200'],
  ['and ends it', () => merge(ACCOUNT, 'alice', { metadata: { finalizers: null } }), '200'],
  ['somebody else deletes it', () => remove(ACCOUNT), '200'],
];

export const policyAccounts: readonly Step[] = [...made, ...entries, ...metadata, ...fields];
