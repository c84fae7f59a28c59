// Status: what it has to say of a cluster at rest, and each lie that the oracle finds in it.

import { describe } from 'mocha';
import { aCredential, aNamespace, aSecret, aServiceAccount } from '../../builders.ts';
import type { AtRest } from './at-rest.ts';
import { itFinds, NONE, type Rows, refused } from './rows.ts';

const MAIN = 'RegistryCredential main';
const credential = (cluster: AtRest) => cluster.of('registrycredentials', 'main');
const idle = (cluster: AtRest) =>
  cluster.given(
    aCredential('idle')
      .withBasic('x.io', 'login')
      .inNamespaces({ matchLabels: { a: 'b' } }),
  );
/** Namespaces n00 to nNN, in each of which a foreign Secret stands. */
const refusing = (cluster: AtRest, count: number) => {
  const names = Array.from({ length: count }, (_, index) => `n${String(index).padStart(2, '0')}`);
  for (const name of names) cluster.given(aNamespace(name).optedIn(), aSecret('regcred').in(name));
  return names;
};
const foreign = (names: string[]) => Object.fromEntries(names.map(name => [name, 'ForeignSecret']));

const READY: Rows = {
  'each RegistryCredential has a status': [c => delete credential(c).status, `${MAIN} has no status`],
  'status is of the spec of now': [
    c => (credential(c).metadata.generation = 2),
    `${MAIN} has a status of another generation`,
  ],
  'no condition is of another generation': [
    c => {
      Object.assign(credential(c).status?.conditions[0] ?? {}, { observedGeneration: 7 });
    },
    `${MAIN} has a status of another generation`,
  ],
  'Ready is there': [
    c => {
      Object.assign(credential(c).status ?? {}, { conditions: [] });
    },
    `${MAIN} has Ready missing instead of True Synced`,
  ],
  'at rest nothing is on its way': [
    c => c.says('main', { ready: 'False Progressing', conditions: { Reconciling: 'Progressing' } }),
    `${MAIN} has Ready False Progressing instead of True Synced`,
    `${MAIN} is Reconciling at rest`,
  ],
  'at rest no write fails': [
    c => c.says('main', { ready: 'False WriteFailed' }),
    `${MAIN} has Ready False WriteFailed instead of True Synced`,
  ],
  'a condition besides Ready is there only while it is True': [
    c => {
      c.says('main', { conditions: { Stalled: 'x' } });
      Object.assign(credential(c).status?.conditions[1] ?? {}, { status: 'False' });
    },
    `${MAIN} has a condition besides Ready that is not True`,
    `${MAIN} is Stalled`,
  ],
  'none selected is NoNamespaceSelected': [c => idle(c).says('idle', NONE)],
  'none selected is not Synced': [
    c => idle(c).says('idle', { ...NONE, ready: 'True Synced' }),
    'RegistryCredential idle has Ready True Synced instead of True NoNamespaceSelected',
  ],
  'a source that fails goes before that none is selected': [
    c => {
      idle(c).of('registrycredentials', 'idle').spec.registries = [
        { basic: { secretRef: { name: 'nowhere' } } },
      ];
      const failing = { conditions: { SourceFailing: 'SourceFailed' }, messages: ['not found'] };
      c.says('idle', { ...NONE, ...failing });
    },
    'RegistryCredential idle has Ready True NoNamespaceSelected instead of False SourceFailed',
  ],
  'a secretName that is not served is Stalled': [
    c => {
      idle(c).of('registrycredentials', 'idle').spec.secretName = 'unheard-of';
      c.says('idle', { ...NONE, ready: 'False SecretNameNotServed' });
    },
    'RegistryCredential idle is not Stalled',
  ],
  'a secretName that is not served goes before suspend': [
    c => {
      Object.assign(idle(c).of('registrycredentials', 'idle').spec, { secretName: 'x', suspend: true });
      const conditions = { Stalled: 'SecretNameNotServed' };
      c.says('idle', { ...NONE, ready: 'False SecretNameNotServed', conditions });
    },
  ],
};

const NAMESPACES: Rows = {
  'one that refuses fails nobody else': [
    c => {
      const failures = foreign(refusing(c, 1));
      const conditions = { Conflict: 'ForeignSecret' };
      c.says('main', { namespaces: '1/2', failures, conditions });
    },
  ],
  '… so Ready is not Conflict': [
    c => {
      const failures = foreign(refusing(c, 1));
      const conditions = { Conflict: 'ForeignSecret' };
      c.says('main', { ready: 'False Conflict', namespaces: '1/2', failures, conditions });
    },
    `${MAIN} has Ready False Conflict instead of True Synced`,
  ],
  'Conflict is True only while one refuses': [
    c => c.says('main', { conditions: { Conflict: 'ForeignSecret' } }),
    `${MAIN} has the condition Conflict though no namespace refuses`,
  ],
  'Conflict has the reason of the first that refuses': [
    c => {
      const failures = foreign(refusing(c, 1));
      c.says('main', { namespaces: '1/2', failures, conditions: { Conflict: 'Refused' } });
    },
    `${MAIN} has Conflict by Refused, not ForeignSecret`,
  ],
  'the first ten by name are named': [
    c => {
      const failures = foreign(refusing(c, 12).slice(0, 10));
      c.says('main', { namespaces: '1/13', failures, conditions: { Conflict: 'ForeignSecret' } });
    },
  ],
  '… and not the last ten': [
    c => {
      const failures = foreign(refusing(c, 12).slice(2));
      c.says('main', { namespaces: '1/13', failures, conditions: { Conflict: 'ForeignSecret' } });
    },
    `${MAIN} does not name the failure in n00`,
    `${MAIN} does not name the failure in n01`,
  ],
  'all that fail are named where they are few': [
    c => {
      refusing(c, 1);
      c.says('main', { namespaces: '1/2', conditions: { Conflict: 'ForeignSecret' } });
    },
    `${MAIN} has Conflict by ForeignSecret, not undefined`,
    `${MAIN} names 0 failures of 1`,
    `${MAIN} does not name the failure in n00`,
  ],
  'the reason of a failure is right': [
    c => {
      delete c.of('secrets', 'apps/regcred').metadata.labels;
      const account = c.of('serviceaccounts', 'apps/default');
      delete account.metadata.annotations;
      c.says('main', refused('ImmutableSecret'));
    },
    `${MAIN} says ImmutableSecret of apps instead of ForeignSecret`,
  ],
  'what a label keeps out is not selected': [
    c => c.given(aNamespace('web').optedOut()).says('main', { namespaces: '2/2' }),
    `${MAIN} counts 2 selected namespaces instead of 1`,
    `${MAIN} counts 2 synced namespaces instead of 1`,
  ],
  'synced and failed make up the selected': [
    c => {
      Object.assign(credential(c).status?.namespaces ?? {}, { failed: 1 });
    },
    `${MAIN} counts 1 failed namespaces instead of 0`,
    `${MAIN} names 0 failures of 1`,
  ],
  'the summary says the same': [
    c => {
      Object.assign(credential(c).status?.namespaces ?? {}, { summary: '0/1' });
      Object.assign(credential(c).status?.serviceAccounts ?? {}, { summary: '2/1' });
    },
    `${MAIN} sums namespaces up as 0/1`,
    `${MAIN} sums ServiceAccounts up as 2/1`,
  ],
  'ServiceAccounts that opted out are not selected': [
    c => c.given(aServiceAccount('apps', 'x').optedOut()).says('main', { serviceAccounts: '1/2' }),
    `${MAIN} counts 2 selected ServiceAccounts instead of 1`,
  ],
  'an entry made by hand counts as attached': [
    c =>
      c.given(aServiceAccount('apps', 'x').pullingWith('regcred')).says('main', { serviceAccounts: '2/2' }),
  ],
  'there is a line for each of spec.registries': [
    c => {
      Object.assign(credential(c).status ?? {}, { registries: [] });
    },
    `${MAIN} has 0 lines for 1 registries`,
  ],
};

describe('the oracle of status', () => {
  describe('of Ready', () => itFinds(READY));
  describe('of namespaces', () => itFinds(NAMESPACES));
});
