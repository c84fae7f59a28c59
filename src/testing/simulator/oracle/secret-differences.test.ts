// Secrets: each rule about them, right and broken. A row spoils a cluster that is well, and says
// what the oracle finds then.

import { describe } from 'mocha';
import {
  CREDENTIALS_ANNOTATION,
  DOCKER_CONFIG_KEY,
  HANDED_OVER_ANNOTATION,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  PULL_SECRETS_ANNOTATION,
} from '../../../api/names.ts';
import { aBasicSecret, aCredential, aDockerConfigSecret, aNamespace, aSecret } from '../../builders.ts';
import type { AtRest } from './at-rest.ts';
import { itFinds, NONE, type Rows, refused } from './rows.ts';

const SECRET = 'Secret apps/regcred';
const UNLISTED = `${SECRET} does not say in ${CREDENTIALS_ANNOTATION} whose logins are in it`;
const ours = (cluster: AtRest) => cluster.of('secrets', 'apps/regcred');
const hold = (cluster: AtRest, config: unknown) => {
  ours(cluster).data = { [DOCKER_CONFIG_KEY]: btoa(JSON.stringify(config)) };
};
const auth = btoa('robot:fake');
const entry = { username: 'robot', password: 'fake', auth };

const detach = (cluster: AtRest): AtRest => {
  const account = cluster.of('serviceaccounts', 'apps/default');
  delete account.imagePullSecrets;
  delete account.metadata.annotations;
  return cluster;
};

/** Nothing of ours is left, but for what `spoil` leaves. */
const undone = (cluster: AtRest) =>
  cluster
    .remove('registrycredentials', 'main')
    .remove('secrets', 'apps/regcred')
    .remove('serviceaccounts', 'apps/default');

const CONTENT: Rows = {
  'a cluster that is well has no difference': [() => undefined],
  'a Secret that is wanted is there': [c => c.remove('secrets', 'apps/regcred'), `${SECRET} is missing`],
  'it has the password of now': [
    c => hold(c, { auths: { 'r.io': { ...entry, password: 'other', auth: btoa('robot:other') } } }),
    `${SECRET} has a login of r.io that is not the right one`,
  ],
  'it has the e-mail address of now': [
    c => hold(c, { auths: { 'r.io': { ...entry, email: 'a@b.c' } } }),
    `${SECRET} has a login of r.io that is not the right one`,
  ],
  'the server is written as the user wrote it': [
    c => hold(c, { auths: { 'https://r.io': entry } }),
    `${SECRET} has a login of r.io that is not the right one`,
  ],
  'each entry has auth': [
    c => hold(c, { auths: { 'r.io': { username: 'robot', password: 'fake' } } }),
    `${SECRET} has an entry of r.io without the auth of its user and password`,
  ],
  'auth says the user and password beside it': [
    c => hold(c, { auths: { 'r.io': { ...entry, auth: btoa('robot:old') } } }),
    `${SECRET} has an entry of r.io without the auth of its user and password`,
  ],
  'an entry has nothing but a login': [
    c => hold(c, { auths: { 'r.io': { ...entry, identitytoken: 'fake' } } }),
    `${SECRET} has a field in the entry of r.io that no login has`,
  ],
  'nothing stands beside auths': [
    c => hold(c, { auths: { 'r.io': entry }, credsStore: 'x' }),
    `${SECRET} is not {"auths": …} and nothing else`,
  ],
  'no login is there that nobody gives': [
    c => hold(c, { auths: { 'r.io': entry, 's.io': entry } }),
    `${SECRET} has a login of s.io that nobody gives`,
  ],
  'no two entries are for the same server': [
    c => hold(c, { auths: { 'r.io': entry, 'https://r.io/v1/': entry } }),
    `${SECRET} has two entries for r.io`,
    `${SECRET} has a login of r.io that is not the right one`,
  ],
  'one credential has the same bytes in every namespace': [
    c => {
      c.given(aNamespace('web').optedIn()).ours('web', { 'r.io': 'fake' }).attached('web');
      hold(c, { auths: { 'r.io': { auth, password: 'fake', username: 'robot' } } });
      c.says('main', { namespaces: '2/2', serviceAccounts: '2/2' });
    },
    'Secret web/regcred has other bytes than that of apps',
  ],
  'two namespaces with the same bytes are well': [
    c => {
      c.given(aNamespace('web').optedIn()).ours('web', { 'r.io': 'fake' }).attached('web');
      c.says('main', { namespaces: '2/2', serviceAccounts: '2/2' });
    },
  ],
  'the annotation names whose logins are in it': [c => delete ours(c).metadata.annotations, UNLISTED],
  'the annotation names nobody else': [
    c => (ours(c).metadata.annotations = { [CREDENTIALS_ANNOTATION]: 'main,other' }),
    UNLISTED,
  ],
  'the annotation is sorted': [
    c => {
      c.given(aCredential('other').withBasic('s.io', 'login').finalized()).says('other');
      c.remove('secrets', 'apps/regcred').ours('apps', { 'r.io': 'fake', 's.io': 'fake' }, 'other,main');
    },
    UNLISTED,
  ],
};

const OTHERS: Rows = {
  'a foreign Secret is left alone, and reported': [
    c => {
      delete ours(c).metadata.labels;
      detach(c).says('main', refused('ForeignSecret'));
    },
  ],
  'a foreign Secret with the very same bytes is still foreign': [
    c => delete ours(c).metadata.labels,
    'ServiceAccount apps/default has our entry regcred, which nobody wants',
    'RegistryCredential main has Ready True Synced instead of False Conflict',
    'RegistryCredential main lacks the condition Conflict',
    'RegistryCredential main counts 1 synced namespaces instead of 0',
    'RegistryCredential main counts 1 attached ServiceAccounts instead of 0',
    'RegistryCredential main does not name the failure in apps',
  ],
  'a label of somebody else makes no Secret ours': [
    c => {
      ours(c).metadata.labels = { [MANAGED_BY_LABEL]: 'Helm' };
      detach(c).says('main', refused('ForeignSecret'));
    },
  ],
  'one of another type is reported and left': [
    c => {
      ours(c).type = 'Opaque';
      c.says('main', refused('WrongSecretType'));
    },
  ],
  'an immutable, outdated one keeps its references and is reported': [
    c => {
      Object.assign(ours(c), { immutable: true });
      c.remove('secrets', 'regcred-system/login').given(aBasicSecret('login', 'robot', 'new'));
      c.says('main', refused('ImmutableSecret'));
    },
  ],
  'an immutable one that is up to date is well': [c => (ours(c).immutable = true)],
  'one that was handed over is ours': [
    c =>
      (ours(c).metadata.annotations = { ...ours(c).metadata.annotations, [HANDED_OVER_ANNOTATION]: 'true' }),
  ],
  'one that waits for the finalizer of somebody else is as it is': [
    c => {
      Object.assign(ours(c).metadata, { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['x.io/y'] });
      hold(c, { auths: {} });
      c.says('main', refused('Refused'));
    },
  ],
};

const LEFTOVERS: Rows = {
  'nothing is left when there is no RegistryCredential left': [c => undone(c)],
  'a Secret that nobody wants goes, also when there is no RegistryCredential left': [
    c => undone(c).ours('apps', { 'r.io': 'fake' }),
    `${SECRET} has our label, though nobody wants it`,
  ],
  'one that was handed over goes without our label': [
    c => undone(c).given(aDockerConfigSecret('regcred').in('apps').withLogin('r.io', 'robot', 'fake')),
  ],
  'a wrong-typed one with our label is left': [
    c =>
      undone(c).given(
        aSecret('regcred')
          .in('apps')
          .labelled({ [MANAGED_BY_LABEL]: MANAGED_BY }),
      ),
  ],
  'a label that is put on before anybody wants the Secret is taken off': [
    c => {
      const secret = aDockerConfigSecret('regcred').in('apps').withLogin('x.io', 'a', 'fake');
      undone(c).given(secret.labelled({ [MANAGED_BY_LABEL]: MANAGED_BY }));
    },
    `${SECRET} has our label, though nobody wants it`,
  ],
  'a Secret of another name is none of ours, whatever its label': [
    c => undone(c).ours('apps', { 'r.io': 'fake' }, 'main', 'something'),
  ],
  'what Orphan released is left as it is': [
    c => {
      undone(c).given(aDockerConfigSecret('regcred').in('apps').withLogin('r.io', 'robot', 'fake'));
      c.attached('apps').of('serviceaccounts', 'apps/default').metadata.annotations = {};
    },
  ],
  'a namespace that opts out loses its Secret': [
    c => c.optOut('apps').remove('serviceaccounts', 'apps/default').says('main', NONE),
    `${SECRET} has our label, though nobody wants it`,
  ],
  "the operator's own namespace is never a target": [
    c => {
      c.of('namespaces', 'regcred-system').metadata.labels = { 'regcred.dev/sync': 'true' };
    },
  ],
  'what stands there under our name is perhaps a source, and left open': [
    c => c.ours('regcred-system', { 'r.io': 'fake' }).attached('regcred-system'),
  ],
  'what a terminating namespace holds is not looked at': [
    c => {
      c.of('namespaces', 'apps').metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
      c.says('main', NONE);
    },
  ],
  'what was given under another Secret name goes': [
    c => {
      c.of('registrycredentials', 'main').spec.secretName = 'team-login';
      c.ours('apps', { 'r.io': 'fake' }, 'main', 'team-login');
      const account = c.of('serviceaccounts', 'apps/default');
      account.imagePullSecrets = [{ name: 'team-login' }];
      account.metadata.annotations = { [PULL_SECRETS_ANNOTATION]: 'team-login' };
    },
    `${SECRET} has our label, though nobody wants it`,
  ],
};

describe('the oracle of Secrets', () => {
  describe('of what is in them', () => itFinds(CONTENT));
  describe('of what stands in the way', () => itFinds(OTHERS));
  describe('of what is left', () => itFinds(LEFTOVERS));
});
