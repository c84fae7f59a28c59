// ServiceAccounts and finalizers: each rule about them, right and broken.

import { describe } from 'mocha';
import { FINALIZER, PULL_SECRETS_ANNOTATION, SYNC_LABEL } from '../../../api/names.ts';
import { aCredential, aNamespace, aServiceAccount } from '../../builders.ts';
import type { AtRest } from './at-rest.ts';
import { FAILED, itFinds, NONE, type Rows, refused } from './rows.ts';

const ACCOUNT = 'ServiceAccount apps/default';
const account = (cluster: AtRest) => cluster.of('serviceaccounts', 'apps/default');
const spec = (cluster: AtRest) => cluster.of('registrycredentials', 'main').spec;
const DELETED = '2026-01-01T00:00:00Z';

const note = (cluster: AtRest, names: string | undefined) => {
  const { metadata } = account(cluster);
  if (names === undefined) delete metadata.annotations;
  else metadata.annotations = { [PULL_SECRETS_ANNOTATION]: names };
};
const pull = (cluster: AtRest, ...names: string[]) => {
  account(cluster).imagePullSecrets = names.map(name => ({ name }));
};
/** The Secret stays, for another ServiceAccount. */
const only = (cluster: AtRest, names: string[]) => {
  spec(cluster).serviceAccounts = { names };
  return cluster.says('main', { serviceAccounts: '0/0' });
};
const labelled = (key: string, value: string) => aServiceAccount('apps', 'x').labelled({ [key]: value });

const MARKS: Rows = {
  'a selected ServiceAccount has the entry': [
    c => {
      pull(c);
      note(c, undefined);
    },
    `${ACCOUNT} lacks the entry regcred`,
    'RegistryCredential main counts 1 attached ServiceAccounts instead of 0',
  ],
  'an annotation alone is no entry': [
    c => pull(c, 'own'),
    `${ACCOUNT} lacks the entry regcred`,
    'RegistryCredential main counts 1 attached ServiceAccounts instead of 0',
  ],
  'an entry that somebody made by hand serves as well, and is not annotated': [c => note(c, undefined)],
  'entries of others stand beside ours': [c => pull(c, 'own', 'regcred', 'more')],
  'the annotation names something': [
    c => note(c, ''),
    `${ACCOUNT} has an annotation of ours that is not sorted, or names nothing`,
  ],
  'the annotation is sorted, each name once': [
    c => note(c, 'regcred,regcred'),
    `${ACCOUNT} has an annotation of ours that is not sorted, or names nothing`,
  ],
  'the annotation names no entry of ours that is not there': [
    c => note(c, 'regcred,team-login'),
    `${ACCOUNT} notes an entry team-login that it does not have`,
  ],
  'the list is handed back to those who owned it': [
    c => {
      const fieldsV1 = { 'f:imagePullSecrets': {} };
      account(c).metadata.managedFields = [{ manager: 'regcred', operation: 'Update', fieldsV1 }];
    },
    `${ACCOUNT} has a list of entries that is claimed by us`,
  ],
  'the list may be claimed by others, and the annotation by us': [
    c => {
      account(c).metadata.managedFields = [
        { manager: 'helm', operation: 'Apply', fieldsV1: { 'f:imagePullSecrets': {} } },
        { manager: 'regcred', operation: 'Update', fieldsV1: { 'f:metadata': {} } },
      ];
    },
  ],
};

const SELECTED: Rows = {
  'a ServiceAccount that opted out loses the entry': [
    c => {
      account(c).metadata.labels = { [SYNC_LABEL]: 'false' };
      c.says('main', { serviceAccounts: '0/0' });
    },
    `${ACCOUNT} has our entry regcred, which nobody wants`,
  ],
  'one that is not named loses the entry': [
    c => only(c, ['build-*']),
    `${ACCOUNT} has our entry regcred, which nobody wants`,
  ],
  'an entry that is the user’s stays where nobody wants it': [
    c => {
      only(c, ['build-*']);
      note(c, undefined);
    },
  ],
  'a * stands for any text, also none': [
    c => {
      only(c, ['d*fau*lt*']).says('main');
    },
  ],
  'a * is needed for more than the name itself': [
    c => {
      only(c, ['defaul']).given(aServiceAccount('apps', 'defaul')).says('main', { serviceAccounts: '0/1' });
      note(c, undefined);
    },
    'ServiceAccount apps/defaul lacks the entry regcred',
  ],
  'names and labels select together': [
    c => {
      spec(c).serviceAccounts = { names: ['default'], selector: { matchLabels: { tier: 'a' } } };
      c.given(labelled('tier', 'a')).says('main', { serviceAccounts: '1/2' });
    },
    'ServiceAccount apps/x lacks the entry regcred',
  ],
  'In takes its values only': [
    c => {
      const matchExpressions = [{ key: 'tier', operator: 'In' as const, values: ['a', 'b'] }];
      spec(c).serviceAccounts = { names: ['default'], selector: { matchExpressions } };
      c.given(labelled('tier', 'c')).says('main');
    },
  ],
  'NotIn takes also what lacks the label': [
    c => {
      const matchExpressions = [{ key: 'tier', operator: 'NotIn' as const, values: ['a'] }];
      spec(c).serviceAccounts = { selector: { matchExpressions } };
      c.given(labelled('tier', 'a')).says('main');
    },
  ],
  'Exists and DoesNotExist are opposites': [
    c => {
      const matchExpressions = [
        { key: 'tier', operator: 'Exists' as const },
        { key: 'old', operator: 'DoesNotExist' as const },
      ];
      spec(c).serviceAccounts = { names: ['default'], selector: { matchExpressions } };
      c.given(labelled('tier', 'a')).says('main', { serviceAccounts: '1/2' });
    },
    'ServiceAccount apps/x lacks the entry regcred',
  ],
  'a namespace that opted out has no entry, and none that dangles': [
    c => c.optOut('apps').remove('secrets', 'apps/regcred').says('main', NONE),
    `${ACCOUNT} has our entry regcred, which dangles`,
  ],
  'a namespace that says false is out, whatever selects it': [
    c => {
      spec(c).namespaceSelector = {};
      c.given(aNamespace('web').optedOut(), aServiceAccount('web', 'default'));
    },
  ],
  'kube-system is in only if it says so itself': [
    c => {
      spec(c).namespaceSelector = {};
      c.given(aNamespace('kube-system'), aServiceAccount('kube-system', 'default'));
    },
  ],
  'kube-system that says so is in': [
    c => {
      c.given(aNamespace('kube-system').optedIn(), aServiceAccount('kube-system', 'default'));
      c.says('main', { namespaces: '1/2', failures: { 'kube-system': 'Refused' }, serviceAccounts: '1/2' });
    },
    'Secret kube-system/regcred is missing',
    'ServiceAccount kube-system/default lacks the entry regcred',
    'RegistryCredential main counts 1 synced namespaces instead of 2',
    'RegistryCredential main says Refused of kube-system instead of Synced',
  ],
  'with an immutable, outdated Secret nobody new has to have the entry': [
    c => {
      c.of('secrets', 'apps/regcred').immutable = true;
      c.of('secrets', 'regcred-system/login').data = { username: btoa('robot'), password: btoa('new') };
      c.given(aServiceAccount('apps', 'late')).says('main', refused('ImmutableSecret', '0/2'));
    },
  ],
  'without material no ServiceAccount has to have the entry': [
    c => {
      c.remove('secrets', 'apps/regcred').remove('secrets', 'regcred-system/login').says('main', FAILED);
      pull(c);
      note(c, undefined);
    },
  ],
};

const FINALIZERS: Rows = {
  'who has given something has our finalizer': [
    c => delete c.of('registrycredentials', 'main').metadata.finalizers,
    'RegistryCredential main has given something and lacks our finalizer',
  ],
  'who has given nothing may have it or not': [
    c =>
      c
        .given(
          aCredential('idle')
            .withBasic('x.io', 'login')
            .inNamespaces({ matchLabels: { a: 'b' } }),
        )
        .says('idle', NONE),
  ],
  'who is deleted and undone is gone': [
    c => {
      c.remove('secrets', 'apps/regcred').remove('serviceaccounts', 'apps/default');
      c.of('registrycredentials', 'main').metadata.deletionTimestamp = DELETED;
    },
    'RegistryCredential main is being deleted and still has our finalizer',
  ],
  'who waits for the finalizer of somebody else lacks ours': [
    c => {
      c.remove('secrets', 'apps/regcred').remove('serviceaccounts', 'apps/default');
      const { metadata } = c.of('registrycredentials', 'main');
      Object.assign(metadata, { deletionTimestamp: DELETED, finalizers: ['x.io/y'] });
    },
  ],
  'deletion beats suspend': [
    c => {
      spec(c).suspend = true;
      c.of('registrycredentials', 'main').metadata.deletionTimestamp = DELETED;
    },
    'Secret apps/regcred has our label, though nobody wants it',
    `${ACCOUNT} has our entry regcred, which nobody wants`,
    'RegistryCredential main is being deleted and still has our finalizer',
  ],
  'a Secret that waits for a finalizer holds the undo up': [
    c => {
      c.remove('serviceaccounts', 'apps/default');
      const { metadata } = c.of('secrets', 'apps/regcred');
      Object.assign(metadata, { deletionTimestamp: DELETED, finalizers: ['x.io/y'] });
      c.of('registrycredentials', 'main').metadata.deletionTimestamp = DELETED;
    },
  ],
  'no namespace has our finalizer': [
    c => (c.of('namespaces', 'apps').metadata.finalizers = [FINALIZER]),
    'Namespace apps has our finalizer',
  ],
};

describe('the oracle of ServiceAccounts', () => {
  describe('of what marks our entries', () => itFinds(MARKS));
  describe('of who is selected', () => itFinds(SELECTED));
});
describe('the oracle of finalizers', () => itFinds(FINALIZERS));
