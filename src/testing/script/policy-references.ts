// What the policy of manifests/components/admission makes of ServiceAccounts, down to the
// owners of fields. Which of them it selects is compared by chance (admission-agrees.e2e.ts).

import { FINALIZER, GROUP, KIND, VERSION } from '../../api/names.ts';
import { POLICY_NAMESPACE } from './policy-secrets.ts';
import {
  apply,
  byOperator,
  CREDENTIALS,
  forced,
  get,
  json,
  merge,
  NAMESPACES,
  post,
  put,
  remove,
  type Step,
} from './requests.ts';

const ACCOUNTS = `${NAMESPACES}/${POLICY_NAMESPACE}/serviceaccounts`;
const NAME = 'scripted-references';
const CREDENTIAL = `${CREDENTIALS}/${NAME}`;
const ANNOTATION = 'regcred.dev/image-pull-secrets';
const list = (...names: string[]) => ({ imagePullSecrets: names.map(name => ({ name })) });

const status = {
  observedGeneration: 1,
  conditions: [],
  registries: [{ server: 'a.example', source: 'basic' }],
  namespaces: { selected: 0, synced: 0, failed: 0, summary: '0/0' },
  serviceAccounts: { selected: 0, attached: 0, summary: '0/0' },
  failures: [],
};

const credential: readonly Step[] = [
  [
    'a RegistryCredential comes for all ServiceAccounts',
    () =>
      post(CREDENTIALS, {
        apiVersion: `${GROUP}/${VERSION}`,
        kind: KIND,
        metadata: { name: NAME, finalizers: [FINALIZER] },
        spec: {
          registries: [{ server: 'a.example', basic: { secretRef: { name: 'login' } } }],
          namespaceSelector: {},
          serviceAccounts: { names: ['give*'] },
        },
      }),
    '201',
  ],
  [
    'before it has a status nothing is given',
    () => post(ACCOUNTS, { metadata: { name: 'give-early' } }),
    '201',
  ],
  [
    'its sources are sound',
    () => json(`${CREDENTIAL}/status`, 'regcred', { op: 'add', path: '/status', value: status }),
    '200',
  ],
];

const named = (reason: string) => () =>
  json(`${CREDENTIAL}/status`, 'regcred', {
    op: 'add',
    path: '/status/failures',
    value: [{ namespace: POLICY_NAMESPACE, reason, message: 'a test' }],
  });

const refusing: readonly Step[] = [
  ['the namespace has a foreign Secret', named('ForeignSecret'), '200'],
  ['so nothing is given there', () => post(ACCOUNTS, { metadata: { name: 'give-foreign' } }), '201'],
  ['the namespace has a Secret of another type', named('WrongSecretType'), '200'],
  ['so nothing is given there either', () => post(ACCOUNTS, { metadata: { name: 'give-type' } }), '201'],
  ['the namespace has an older login that is frozen', named('ImmutableSecret'), '200'],
  ['so nobody new is given it', () => post(ACCOUNTS, { metadata: { name: 'give-frozen' } }), '201'],
  [
    'but who has it keeps it',
    () => merge(`${ACCOUNTS}/give-list`, 'alice', { imagePullSecrets: null }),
    '200',
  ],
  [
    'the namespace refuses nothing any more',
    () => json(`${CREDENTIAL}/status`, 'regcred', { op: 'add', path: '/status/failures', value: [] }),
    '200',
  ],
];

const given: readonly Step[] = [
  ['a bare ServiceAccount is given its entry', () => post(ACCOUNTS, { metadata: { name: 'give' } }), '201'],
  ['then a first apply conflicts with nobody', () => apply(`${ACCOUNTS}/give`, 'helm', list('own')), '200'],
  ['and the same apply changes nothing', () => apply(`${ACCOUNTS}/give`, 'helm', list('own')), '200'],
  [
    'one with a list is given another entry',
    () => post(ACCOUNTS, { metadata: { name: 'give-list', annotations: { team: 'a' } }, ...list('own') }),
    '201',
  ],
  ['one that is applied owns its list', () => apply(`${ACCOUNTS}/give-applied`, 'helm', list('own')), '201'],
  ['and keeps it', () => apply(`${ACCOUNTS}/give-applied`, 'helm', list('own', 'more')), '200'],
  [
    'who has the entry is not marked',
    () => post(ACCOUNTS, { metadata: { name: 'give-hand' }, ...list('regcred') }),
    '201',
  ],
  ['who is not selected is not given it', () => post(ACCOUNTS, { metadata: { name: 'other' } }), '201'],
  [
    'an update gives nothing new',
    () => merge(`${ACCOUNTS}/give-early`, 'alice', { metadata: { labels: { a: 'b' } } }),
    '200',
  ],
];

const kept: readonly Step[] = [
  [
    'a list that is forced keeps the entry',
    () => forced(`${ACCOUNTS}/give-list`, 'flux', list('own', 'flux')),
    '200',
  ],
  [
    'a list that is replaced keeps the entry',
    last => {
      const { managedFields: _, annotations: __, ...metadata } = last.metadata;
      return put(`${ACCOUNTS}/give-list`, { ...last, metadata, ...list('put') });
    },
    '200',
  ],
  [
    'a list that is taken away leaves the entry',
    () => merge(`${ACCOUNTS}/give-list`, 'alice', { imagePullSecrets: null }),
    '200',
  ],
  [
    'a stale mark is mended on the way',
    () =>
      merge(`${ACCOUNTS}/give-list`, 'alice', {
        metadata: { annotations: { [ANNOTATION]: 'gone,regcred,' } },
        imagePullSecrets: null,
      }),
    '200',
  ],
  [
    'an empty list leaves the entry too',
    () => merge(`${ACCOUNTS}/give-list`, 'alice', { imagePullSecrets: [] }),
    '200',
  ],
  ...refusing,
  [
    'kept out it is let go of',
    () =>
      merge(`${ACCOUNTS}/give-list`, 'alice', {
        metadata: { labels: { 'regcred.dev/sync': 'false' } },
        imagePullSecrets: null,
      }),
    '200',
  ],
  [
    'the operator itself is not given it',
    () =>
      byOperator(
        merge(`${ACCOUNTS}/give`, 'regcred', {
          metadata: { annotations: { [ANNOTATION]: null } },
          ...list('own'),
        }),
      ),
    '200',
  ],
  [
    'a status of another generation counts for nothing',
    () =>
      merge(CREDENTIAL, 'alice', { spec: { registries: [{ dockerConfig: { secretRef: { name: 'x' } } }] } }),
    '200',
  ],
  ['so nobody new is given it', () => post(ACCOUNTS, { metadata: { name: 'give-later' } }), '201'],
  ['the RegistryCredential is to go', () => remove(CREDENTIAL), '200'],
  [
    'who has it need not keep it',
    () => merge(`${ACCOUNTS}/give-applied`, 'alice', { imagePullSecrets: null }),
    '200',
  ],
  ['it is let go', () => merge(CREDENTIAL, 'regcred', { metadata: { finalizers: null } }), '200'],
  ['and is gone', () => get(CREDENTIAL), '404 NotFound'],
];

export const policyReferences: readonly Step[] = [...credential, ...given, ...kept];
