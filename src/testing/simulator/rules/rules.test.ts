// Each rule on one change that breaks it, and on one beside it that does not.

import { expect } from 'chai';
import {
  CREDENTIALS_ANNOTATION,
  FIELD_MANAGER,
  FINALIZER,
  HANDED_OVER_ANNOTATION,
  PULL_SECRETS_ANNOTATION,
} from '../../../api/names.ts';
import type { KubeObject } from '../../../kube/kube-client.ts';
import type { ResourceName } from '../../resources.ts';
import type { Desired, DesiredSecret } from '../oracle/desired.ts';
import { passwordOf } from '../pools.ts';
import { broken } from './all-rules.ts';
import type { Then, Written } from './rule.ts';

const NOTHING: Desired = {
  secret: () => undefined,
  references: () => [],
  mayReferTo: () => [],
  items: () => [],
  itemsWithLogin: () => [],
};
const LOGIN = { server: 'r.io', username: 'robot', password: 'good' };
const wants = (secret: DesiredSecret['logins'], references: readonly string[] = ['regcred']): Desired => ({
  ...NOTHING,
  secret: () => ({ refused: undefined, logins: secret }),
  references: () => references,
  mayReferTo: () => references,
});
/** An item of a RegistryCredential wants it there, whose source never had a login. */
const WITHOUT_LOGIN: Desired = { ...NOTHING, mayReferTo: () => ['regcred'], items: () => ['a r.io'] };
const WANTED = wants(new Map([['r.io', { anyOf: [LOGIN], optional: false }]]));

const account = (list: readonly string[], noted = '', more: object = {}): KubeObject =>
  ({
    ...more,
    metadata: {
      name: 'default',
      namespace: 'apps',
      uid: 'a',
      resourceVersion: '1',
      ...(noted === '' ? {} : { annotations: { [PULL_SECRETS_ANNOTATION]: noted } }),
    },
    ...(list.length > 0 && { imagePullSecrets: list.map(name => ({ name })) }),
  }) as KubeObject;

const secret = (change: { managed?: boolean; uid?: string; type?: string; password?: string } = {}) => {
  const { managed = true, uid = 's', type = 'kubernetes.io/dockerconfigjson', password = 'good' } = change;
  const auths = { 'r.io': { auth: Buffer.from(`robot:${password}`).toString('base64') } };
  return {
    type,
    metadata: {
      name: 'regcred',
      namespace: 'apps',
      uid,
      resourceVersion: '1',
      labels: managed ? { 'app.kubernetes.io/managed-by': 'regcred' } : {},
    },
    data: { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') },
  } as KubeObject;
};

const going = ({ metadata, ...rest }: KubeObject): KubeObject => ({
  ...rest,
  metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
});

const handedOver = (): KubeObject => {
  const { metadata, ...rest } = secret();
  return { ...rest, metadata: { ...metadata, annotations: { [HANDED_OVER_ANNOTATION]: 'true' } } };
};

const goingCredential = (): KubeObject => ({
  metadata: {
    name: 'team',
    uid: 't',
    resourceVersion: '1',
    deletionTimestamp: 'now',
    finalizers: [FINALIZER],
  },
});

const secretOf = (credential: string): KubeObject => {
  const { metadata, ...rest } = secret();
  return { ...rest, metadata: { ...metadata, annotations: { [CREDENTIALS_ANNOTATION]: credential } } };
};

const finalized = (...finalizers: string[]): KubeObject => ({
  metadata: { name: 'team', uid: 'c', resourceVersion: '1', finalizers },
});

type Case = readonly [
  resource: ResourceName,
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  desired?: Desired,
  accounts?: readonly KubeObject[],
  secrets?: readonly KubeObject[],
  earlier?: Desired,
];

function ruleBrokenBy(one: Case): string | undefined {
  const [resource, before, after, desired = WANTED, accounts = [], secrets = [], earlier] = one;
  const { name, namespace = '' } = (after ?? before)?.metadata ?? { name: '' };
  const then = {
    wanted: () => desired,
    settled: () => desired,
    obliged: () => desired,
    get: (kind: ResourceName) => (kind === resource ? before : accounts[0]),
    secrets,
    accountsIn: () => accounts,
  } as unknown as Then;
  const ever = () => (earlier === undefined ? [then] : [then, { ...then, obliged: () => earlier }]);
  const written = { resource, namespace, name, before, after, since: () => [then], ever };
  return broken(written as unknown as Written)?.rule;
}

/** What had a login before. */
const given = (resource: ResourceName, item: string): Case => {
  const [before, after] =
    resource === 'secrets' ? [undefined, secret()] : [account([]), account(['regcred'], 'regcred')];
  return [resource, before, after, WITHOUT_LOGIN, [], [], { ...NOTHING, itemsWithLogin: () => [item] }];
};

const BROKEN: Record<string, Case[]> = {
  "nobody else's entry of imagePullSecrets is lost, added or moved": [
    ['serviceaccounts', account(['own']), account(['regcred'], 'regcred')],
    ['serviceaccounts', account(['own', 'regcred']), account(['regcred', 'own'], '')],
    ['serviceaccounts', account([]), account(['strange'], 'strange')],
    ['serviceaccounts', account(['own']), undefined],
  ],
  'the annotation names the entries that we added, and no other': [
    ['serviceaccounts', account([]), account(['regcred'])],
    ['serviceaccounts', account(['regcred']), account(['regcred'], 'regcred')],
    ['serviceaccounts', account(['regcred'], 'regcred'), account([], 'regcred'), NOTHING],
  ],
  'nothing else of a ServiceAccount changes': [
    [
      'serviceaccounts',
      account([]),
      account(['regcred'], 'regcred', { automountServiceAccountToken: false }),
    ],
  ],
  'a foreign Secret is never updated or deleted': [
    ['secrets', secret({ managed: false }), secret()],
    ['secrets', secret({ managed: false }), undefined],
  ],
  'a Secret keeps its uid and its type': [
    ['secrets', undefined, secret({ type: 'Opaque' })],
    ['secrets', secret(), secret({ uid: 'other' })],
  ],
  'the content of a Secret that is being deleted stays': [
    ['secrets', going(secret()), going(secret({ password: 'new' }))],
  ],
  'a Secret that was handed over is released, not deleted': [['secrets', handedOver(), undefined, NOTHING]],
  'on the way out references go before the Secret': [
    ['secrets', secret(), undefined, NOTHING, [account(['regcred'], 'regcred')]],
  ],
  'finalizers are on RegistryCredentials only': [
    ['namespaces', account([]), { metadata: { ...account([]).metadata, finalizers: ['x'] } }],
  ],
  'the finalizer goes only when all is undone': [
    ['registrycredentials', goingCredential(), undefined, NOTHING, [], [secretOf('team')]],
    ['registrycredentials', goingCredential(), undefined, NOTHING, [], [secretOf('other,team')]],
  ],
  "nobody else's finalizer is lost": [
    ['registrycredentials', finalized('theirs', FINALIZER), finalized(FINALIZER)],
    ['registrycredentials', finalized('theirs', FINALIZER), undefined],
  ],
  'no credential outside the data of a Secret': [
    ['registrycredentials', undefined, { ...account([]), kind: passwordOf(1) }],
    ['events', undefined, { ...account([]), kind: Buffer.from(`robot:${passwordOf(1)}`).toString('base64') }],
  ],
  'nothing is written where nothing of ours is and nothing is wanted': [
    ['serviceaccounts', account([]), account(['regcred'], 'regcred'), NOTHING],
    ['secrets', undefined, secret(), NOTHING],
    given('secrets', 'a s.io'),
  ],
  'no working login is taken away': [
    ['secrets', secret(), undefined],
    ['secrets', secret(), secret({ password: 'bad' })],
  ],
  'no reference is taken off that is wanted': [
    ['serviceaccounts', account(['regcred'], 'regcred'), account([])],
  ],
  'no reference is added to what is not ours or not wanted': [
    [
      'serviceaccounts',
      account(['regcred'], 'regcred'),
      account(['regcred', 'team-login'], 'regcred,team-login'),
    ],
    given('serviceaccounts', 'b r.io'),
  ],
};

const KEPT: Record<string, Case> = {
  'an entry is added behind the others': [
    'serviceaccounts',
    account(['own']),
    account(['own', 'regcred'], 'regcred'),
  ],
  'an entry is added for a login of an earlier spec': given('serviceaccounts', 'a r.io'),
  'a Secret is made of a login of an earlier spec': given('secrets', 'a r.io'),
  'an entry of ours goes when it is wanted no more': [
    'serviceaccounts',
    account(['own', 'regcred'], 'regcred'),
    account(['own']),
    NOTHING,
  ],
  'our mark goes and the entry stays': [
    'serviceaccounts',
    account(['regcred'], 'regcred'),
    account(['regcred']),
    NOTHING,
  ],
  'a list goes back to its owner': [
    'serviceaccounts',
    { metadata: { ...account(['own']).metadata, managedFields: [{ manager: FIELD_MANAGER }] } },
    account([]),
    NOTHING,
  ],
  'a finalizer goes while a Secret is left that is of others': [
    'registrycredentials',
    goingCredential(),
    undefined,
    NOTHING,
    [],
    [secretOf('other')],
  ],
  'our finalizer goes, and with it the RegistryCredential': [
    'registrycredentials',
    finalized(FINALIZER),
    undefined,
    NOTHING,
  ],
  'a Secret is made': ['secrets', undefined, secret()],
  'a login is exchanged for a right one': ['secrets', secret({ password: 'old' }), secret()],
  'a Secret goes that nobody wants': ['secrets', secret(), undefined, NOTHING],
};

describe('the rules of the simulator', () => {
  for (const [rule, cases] of Object.entries(BROKEN))
    it(`see it when it is not so that ${rule}`, () => {
      expect(cases.map(ruleBrokenBy)).to.deep.equal(cases.map(() => rule));
    });
  for (const [name, one] of Object.entries(KEPT))
    it(`let it pass when ${name}`, () => expect(ruleBrokenBy(one)).to.equal(undefined));
});
